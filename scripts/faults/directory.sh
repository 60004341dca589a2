# shellcheck shell=sh
# directory.sh - killed while a directory comes into a register of before
. "$here/offices.sh"

setup()
{
	make_offices && printf 'a document\n' >doc.txt &&
	    vanthu-register out --home a --type CV --notation STNA-VP \
		--subject 'Về việc thử nghiệm' doc.txt &&
	    sqlite3 a/register.db 'DROP INDEX delivery_refused;
		ALTER TABLE inbox DROP COLUMN detail;
		DROP INDEX event_changed;
		DROP TABLE agency_search;
		DROP TABLE agency_group; DROP TABLE agency_code;
		DROP TABLE agency; ALTER TABLE delivery DROP COLUMN role;
		PRAGMA user_version = 3' || return 1
	printf '{"organ_id":"H99.0%s","name":"Sở %s"}\n' 1 A 2 B 3 C >list.jsonl
}

victim()
{
	$trace vanthu-agency import --home a list.jsonl
}

again()
{
	victim
}

oracle()
{
	n=$(vanthu agency list --home a so | wc -l)
	[ "$n" -eq 3 ] || echo "$n agencies, not 3"
	n=$(count a out)
	[ "$n" -eq 1 ] || echo "$n records, not 1"
	sound a
}
