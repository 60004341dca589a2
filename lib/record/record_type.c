/* record_type.c - the types of documents (NĐ 30/2020, Đ.7 and annex III) */
#include <stdlib.h>
#include <string.h>

#include "vanthu/error.h"
#include "vanthu/record.h"

/*
 * Annex III.I in its order; the two types of Đ.7 that have no abbreviation
 * there have the codes that offices use.
 */
static const struct vt_record_type types[] = {
	{ "NQ", "Nghị quyết", true, false, "01" },
	{ "QĐ", "Quyết định", true, false, "02" },
	{ "CT", "Chỉ thị", true, false, "03" },
	{ "QC", "Quy chế", true, false, "04" },
	{ "QyĐ", "Quy định", true, false, "05" },
	{ "TC", "Thông cáo", true, false, "06" },
	{ "TB", "Thông báo", true, false, "07" },
	{ "HD", "Hướng dẫn", true, false, "08" },
	{ "CTr", "Chương trình", true, false, "09" },
	{ "KH", "Kế hoạch", true, false, "10" },
	{ "PA", "Phương án", true, false, "11" },
	{ "ĐA", "Đề án", true, false, "12" },
	{ "DA", "Dự án", true, false, "13" },
	{ "BC", "Báo cáo", true, false, "14" },
	{ "BB", "Biên bản", true, false, "20" },
	{ "TTr", "Tờ trình", true, false, "15" },
	{ "HĐ", "Hợp đồng", true, false, "21" },
	{ "CV", "Công văn", false, false, "22" },
	{ "CĐ", "Công điện", true, false, "23" },
	{ "BGN", "Bản ghi nhớ", true, false, "24" },
	{ "BTT", "Bản thỏa thuận", true, false, "25" },
	{ "GUQ", "Giấy ủy quyền", true, false, "16" },
	{ "GM", "Giấy mời", true, false, "26" },
	{ "GGT", "Giấy giới thiệu", true, false, "27" },
	{ "GNP", "Giấy nghỉ phép", true, false, "28" },
	{ "PG", "Phiếu gửi", true, false, "17" },
	{ "PC", "Phiếu chuyển", true, false, "18" },
	{ "PB", "Phiếu báo", true, false, "19" },
	{ "ThC", "Thư công", false, false, "29" },
	{ "SY", "Bản sao y", true, true, NULL },
	{ "TrS", "Bản trích sao", true, true, NULL },
	{ "SL", "Bản sao lục", true, true, NULL },
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
	for (i = 0; i < NTYPES && found == NULL; i++)
		if (strcmp(types[i].name, clean) == 0)
			found = &types[i];
	/* No two names fold to the same, so marks and case need not agree. */
	for (i = 0; i < NTYPES && found == NULL; i++)
		if (vt_record_same(types[i].name, clean))
			found = &types[i];
	free(clean);
	return found;
}
