#!/bin/sh
# big-pdf.sh BYTES FILE - a PDF of one page whose content is so many random bytes
set -eu
stream=$1
file=$2

{
	printf '%%PDF-1.7\n'
	printf '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n'
	printf '2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n'
	printf '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] '
	printf '/Contents 4 0 R >>\nendobj\n'
	printf '4 0 obj\n<< /Length %d >>\nstream\n' "$stream"
} >"$file"
o1=$(grep -abo '^1 0 obj' "$file" | cut -d: -f1)
o2=$(grep -abo '^2 0 obj' "$file" | cut -d: -f1)
o3=$(grep -abo '^3 0 obj' "$file" | cut -d: -f1)
o4=$(grep -abo '^4 0 obj' "$file" | cut -d: -f1)
head -c "$stream" /dev/urandom >>"$file"
printf '\nendstream\nendobj\n' >>"$file"
xref=$(wc -c <"$file")
{
	printf 'xref\n0 5\n0000000000 65535 f \n'
	printf '%010d 00000 n \n' "$o1" "$o2" "$o3" "$o4"
	printf 'trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n' \
	    "$xref"
} >>"$file"
