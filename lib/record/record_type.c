/* record_type.c - the types of documents (NĐ 30/2020, Đ.7 and annex III) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

/*
 * Annex III.I in its order; the two types of Đ.7 that have no abbreviation
 * there have the codes that offices use.  The detail is the type's place in
 * list B of edXML, 0 where no source that we could read shows it: receivers
 * go by the name.
 */
#define LIST_B 2

static const struct vt_record_type types[] = {
	{ "NQ", "Nghị quyết", true, false, LIST_B, 1, "01" },
	{ "QĐ", "Quyết định", true, false, LIST_B, 2, "02" },
	{ "CT", "Chỉ thị", true, false, LIST_B, 3, "03" },
	{ "QC", "Quy chế", true, false, LIST_B, 4, "04" },
	{ "QyĐ", "Quy định", true, false, LIST_B, 5, "05" },
	{ "TC", "Thông cáo", true, false, LIST_B, 6, "06" },
	{ "TB", "Thông báo", true, false, LIST_B, 7, "07" },
	{ "HD", "Hướng dẫn", true, false, LIST_B, 8, "08" },
	{ "CTr", "Chương trình", true, false, LIST_B, 9, "09" },
	{ "KH", "Kế hoạch", true, false, LIST_B, 0, "10" },
	{ "PA", "Phương án", true, false, LIST_B, 0, "11" },
	{ "ĐA", "Đề án", true, false, LIST_B, 0, "12" },
	{ "DA", "Dự án", true, false, LIST_B, 0, "13" },
	{ "BC", "Báo cáo", true, false, LIST_B, 0, "14" },
	{ "BB", "Biên bản", true, false, LIST_B, 0, "20" },
	{ "TTr", "Tờ trình", true, false, LIST_B, 0, "15" },
	{ "HĐ", "Hợp đồng", true, false, LIST_B, 0, "21" },
	{ "CV", "Công văn", false, false, LIST_B, 18, "22" },
	{ "CĐ", "Công điện", true, false, LIST_B, 19, "23" },
	{ "BGN", "Bản ghi nhớ", true, false, LIST_B, 20, "24" },
	{ "BTT", "Bản thỏa thuận", true, false, LIST_B, 22, "25" },
	{ "GUQ", "Giấy ủy quyền", true, false, LIST_B, 24, "16" },
	{ "GM", "Giấy mời", true, false, LIST_B, 25, "26" },
	{ "GGT", "Giấy giới thiệu", true, false, LIST_B, 26, "27" },
	{ "GNP", "Giấy nghỉ phép", true, false, LIST_B, 0, "28" },
	{ "PG", "Phiếu gửi", true, false, LIST_B, 0, "17" },
	{ "PC", "Phiếu chuyển", true, false, LIST_B, 0, "18" },
	{ "PB", "Phiếu báo", true, false, LIST_B, 0, "19" },
	{ "ThC", "Thư công", false, false, LIST_B, 0, "29" },
	{ "SY", "Bản sao y", true, true, LIST_B, 0, NULL },
	{ "TrS", "Bản trích sao", true, true, LIST_B, 0, NULL },
	{ "SL", "Bản sao lục", true, true, LIST_B, 0, NULL },
};

#define NTYPES (sizeof(types) / sizeof(types[0]))

const struct vt_record_type *
vt_record_type_at(size_t i)
{
	return i < NTYPES ? &types[i] : NULL;
}

const struct vt_record_type *
vt_record_type_find(const char *code)
{
	size_t i;

	for (i = 0; i < NTYPES; i++)
		if (strcmp(types[i].code, code) == 0)
			return &types[i];
	return NULL;
}

const struct vt_record_type *
vt_record_type_by_name(const char *name)
{
	const struct vt_record_type *found = NULL;
	char *clean = NULL;
	size_t i;

	if (vt_record_clean(name, &clean, NULL) != VT_OK)
		return NULL;
	/* No two names fold to the same, so marks and case need not agree. */
	for (i = 0; i < NTYPES && found == NULL; i++)
		if (vt_record_same(types[i].name, clean))
			found = &types[i];
	free(clean);
	return found;
}
