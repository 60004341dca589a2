/* envelope_codes.c - the code tables of edXML, as data */
#include <stdlib.h>
#include <string.h>

#include "envelope_int.h"
#include "vanthu/record.h"

#define LIST_A 1
#define LIST_B 2
#define N(array) (sizeof(array) / sizeof((array)[0]))

/*
 * QCVN 102:2016 with its amendment of 2022.  What we could read of list B is 1
 * to 9 and 18 to 26; all of that is the list of Decree 09/2010/ND-CP, article
 * 1.2, word for word, so its other rows are taken from there.  Names without
 * an index are the types of Decree 30/2020 that came later.  B stands first:
 * an office issues those, and names that both lists have mean B.
 */
static const struct vt_edxml_type types[] = {
	{ LIST_B, 1, "Nghị quyết" },
	{ LIST_B, 2, "Quyết định" },
	{ LIST_B, 3, "Chỉ thị" },
	{ LIST_B, 4, "Quy chế" },
	{ LIST_B, 5, "Quy định" },
	{ LIST_B, 6, "Thông cáo" },
	{ LIST_B, 7, "Thông báo" },
	{ LIST_B, 8, "Hướng dẫn" },
	{ LIST_B, 9, "Chương trình" },
	{ LIST_B, 10, "Kế hoạch" },
	{ LIST_B, 11, "Phương án" },
	{ LIST_B, 12, "Đề án" },
	{ LIST_B, 13, "Dự án" },
	{ LIST_B, 14, "Báo cáo" },
	{ LIST_B, 15, "Biên bản" },
	{ LIST_B, 16, "Tờ trình" },
	{ LIST_B, 17, "Hợp đồng" },
	{ LIST_B, 18, "Công văn" },
	{ LIST_B, 19, "Công điện" },
	{ LIST_B, 20, "Bản ghi nhớ" },
	{ LIST_B, 21, "Bản cam kết" },
	{ LIST_B, 22, "Bản thỏa thuận" },
	{ LIST_B, 23, "Giấy chứng nhận" },
	{ LIST_B, 24, "Giấy ủy quyền" },
	{ LIST_B, 25, "Giấy mời" },
	{ LIST_B, 26, "Giấy giới thiệu" },
	{ LIST_B, 27, "Giấy nghỉ phép" },
	{ LIST_B, 28, "Giấy đi đường" },
	{ LIST_B, 29, "Giấy biên nhận hồ sơ" },
	{ LIST_B, 30, "Phiếu gửi" },
	{ LIST_B, 31, "Phiếu chuyển" },
	{ LIST_B, 32, "Thư công" },
	{ LIST_B, 0, "Phiếu báo" },
	{ LIST_B, 0, "Bản sao y" },
	{ LIST_B, 0, "Bản trích sao" },
	{ LIST_B, 0, "Bản sao lục" },
	{ LIST_A, 1, "Hiến pháp" },
	{ LIST_A, 2, "Luật" },
	{ LIST_A, 3, "Pháp lệnh" },
	{ LIST_A, 4, "Lệnh" },
	{ LIST_A, 5, "Nghị quyết" },
	{ LIST_A, 6, "Nghị quyết liên tịch" },
	{ LIST_A, 7, "Nghị định" },
	{ LIST_A, 8, "Quyết định" },
	{ LIST_A, 9, "Thông tư" },
	{ LIST_A, 10, "Thông tư liên tịch" },
	{ LIST_A, 11, "Chỉ thị" },
	{ LIST_A, 12, "Bộ luật" },
};

/* Names beside those of the lists; the first is the regulation's own. */
static const struct {
	const char *alias, *name;
} aliases[] = {
	{ "Nghị quyết (cá biệt)", "Nghị quyết" },
	{ "Quyết định (cá biệt)", "Quyết định" },
	{ "Sao y", "Bản sao y" },
	{ "Trích sao", "Bản trích sao" },
	{ "Sao lục", "Bản sao lục" },
};

/* OtherInfo/Priority from 0 on. */
static const char *const priorities[VT_PRIORITY_MAX + 1] = { "thường", "khẩn",
	"thượng khẩn", "hỏa tốc", "hỏa tốc hẹn giờ" };

const struct vt_edxml_type *
vt_edxml_type_at(size_t i)
{
	return i < N(types) ? &types[i] : NULL;
}

const struct vt_edxml_type *
vt_edxml_type_by_name(const char *name)
{
	const struct vt_edxml_type *found = NULL;
	char *clean = NULL;
	size_t i;

	if (vt_record_clean(name, &clean, NULL) != VT_OK)
		return NULL;
	name = clean;
	for (i = 0; i < N(aliases); i++)
		if (vt_record_same(aliases[i].alias, clean))
			name = aliases[i].name;
	for (i = 0; i < N(types) && found == NULL; i++)
		if (vt_record_same(types[i].name, name))
			found = &types[i];
	free(clean);
	return found;
}

static const struct vt_edxml_type *
type_by_place(int list, int index)
{
	size_t i;

	for (i = 0; i < N(types); i++)
		if (index > 0 && types[i].list == list &&
		    types[i].index == index)
			return &types[i];
	return NULL;
}

const struct vt_edxml_type *
vt_envelope_type(const struct vt_envelope *env)
{
	if (env->type_name != NULL)
		return vt_edxml_type_by_name(env->type_name);
	if (env->type > LIST_B && env->type_detail <= 0)
		return type_by_place(LIST_B, env->type);
	return type_by_place(env->type, env->type_detail);
}

const char *
vt_priority_text(int priority)
{
	return priority >= 0 && priority <= VT_PRIORITY_MAX
		   ? priorities[priority]
		   : NULL;
}
