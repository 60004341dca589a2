/* complete.c - what bash reads to complete `vanthu` */
#include <stdio.h>

#include "tools.h"

void
tools_complete(void)
{
	puts("_vanthu()\n"
	     "{\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} dir=$_vanthu_dir tool\n"
	     "\tlocal -a words\n\n"
	     "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n"
	     "\t\twords=($(compgen -c vanthu-))\n"
	     "\t\twords=(\"${words[@]#vanthu-}\" --help --version)\n"
	     "\t\tCOMPREPLY=($(compgen -W \"${words[*]}\" -- \"$cur\"))\n"
	     "\t\treturn\n"
	     "\tfi\n"
	     "\ttool=${COMP_WORDS[1]}\n"
	     "\tdeclare -F \"_vanthu_${tool//-/_}\" >/dev/null ||\n"
	     "\t    . \"$dir/vanthu-$tool\" 2>/dev/null || return\n"
	     "\tCOMP_WORDS=(\"vanthu-$tool\" \"${COMP_WORDS[@]:2}\")\n"
	     "\tCOMP_CWORD=$((COMP_CWORD - 1))\n"
	     "\t\"_vanthu_${tool//-/_}\"\n"
	     "}\n"
	     "_vanthu_dir=${BASH_SOURCE[0]%/*}\n"
	     "complete -o filenames -F _vanthu vanthu");
}
