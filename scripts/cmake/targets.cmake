# One function a module, one a tool.

set(VT_TEST_ENV
    "VANTHU_BIN=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
    "VANTHU_SOURCE=${CMAKE_SOURCE_DIR}"
    "VANTHU_BUILD=${CMAKE_BINARY_DIR}"
    "VANTHU_TESTDATA=${CMAKE_SOURCE_DIR}/testdata"
    "VANTHU_PKI=${CMAKE_BINARY_DIR}/testdata/pki")

# vt_test(NAME COMMAND...): a test that may skip (cmocka's or TAP's word, told to
# ctest by run.sh), unless VT_NO_SKIP says that everything it needs is there.
function(vt_test name)
	set(run sh ${CMAKE_SOURCE_DIR}/testdata/run.sh)
	if(TARGET ${ARGV1})
		list(POP_FRONT ARGN program)
		add_test(NAME ${name} COMMAND ${run} $<TARGET_FILE:${program}> ${ARGN})
	else()
		add_test(NAME ${name} COMMAND ${run} ${ARGN})
	endif()
	set_tests_properties(${name} PROPERTIES ENVIRONMENT "${VT_TEST_ENV}"
	    FIXTURES_REQUIRED pki TIMEOUT 600)
	if(NOT VT_NO_SKIP)
		set_tests_properties(${name} PROPERTIES SKIP_RETURN_CODE 77)
	endif()
endfunction()

# vt_module(NAME [HEADERS h...] [DEPS module...] [LIBS target...])
#
# The module in lib/NAME: every .c there but test_*.c and fuzz_*.c.  HEADERS
# are its public headers in include/vanthu (NAME.h unless said).  DEPS are the
# modules whose headers it may include, and what lies below them; the test
# `arrows` holds the sources to that.  LIBS are the outside libraries that it
# alone calls.  Each test_*.c is one cmocka program, each fuzz_*.c one target.
function(vt_module name)
	cmake_parse_arguments(m "" "" "HEADERS;DEPS;LIBS" ${ARGN})
	if(NOT m_HEADERS)
		set(m_HEADERS ${name}.h)
	endif()
	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
	list(FILTER sources EXCLUDE REGEX "/(test|fuzz)_[^/]*\\.c$")
	add_library(vt_${name} STATIC ${sources})
	target_include_directories(vt_${name} PUBLIC ${CMAKE_SOURCE_DIR}/include)
	list(TRANSFORM m_DEPS PREPEND vt_)
	target_link_libraries(vt_${name} PUBLIC ${m_DEPS} ${m_LIBS})
	set_property(GLOBAL APPEND PROPERTY VT_MODULES ${name})
	foreach(header ${m_HEADERS})
		set_property(GLOBAL APPEND PROPERTY VT_HEADERS
		    ${CMAKE_SOURCE_DIR}/include/vanthu/${header})
	endforeach()

	file(GLOB tests CONFIGURE_DEPENDS
	    ${CMAKE_CURRENT_SOURCE_DIR}/test_*.c)
	foreach(file ${tests})
		get_filename_component(test ${file} NAME_WE)
		add_executable(${test} ${file})
		target_include_directories(${test} PRIVATE
		    ${CMAKE_SOURCE_DIR}/testdata/include)
		target_link_libraries(${test} vt_${name} PkgConfig::cmocka)
		vt_test(${test} ${test})
	endforeach()

	file(GLOB targets CONFIGURE_DEPENDS
	    ${CMAKE_CURRENT_SOURCE_DIR}/fuzz_*.c)
	foreach(file ${targets})
		vt_fuzz(${file} vt_${name})
	endforeach()
endfunction()

# vt_fuzz(FILE LIBRARY): the target fuzz_PARSER, which reads the seeds that
# testdata/fuzz/seeds.sh makes and what once broke it, in testdata/fuzz/PARSER.
# With VT_FUZZ that is libFuzzer's program, else one that replays them.
function(vt_fuzz file library)
	get_filename_component(target ${file} NAME_WE)
	string(REGEX REPLACE "^fuzz_" "" parser ${target})
	add_executable(${target} ${file})
	target_include_directories(${target} PRIVATE
	    ${CMAKE_SOURCE_DIR}/testdata/include)
	target_link_libraries(${target} ${library})
	set_property(GLOBAL APPEND PROPERTY VT_FUZZERS ${target})
	if(VT_FUZZ)
		target_link_options(${target} PRIVATE -fsanitize=fuzzer)
		return()
	endif()
	target_sources(${target} PRIVATE
	    ${CMAKE_SOURCE_DIR}/testdata/fuzz/replay.c)
	set(inputs ${CMAKE_BINARY_DIR}/testdata/fuzz/${parser})
	if(EXISTS ${CMAKE_SOURCE_DIR}/testdata/fuzz/${parser})
		list(APPEND inputs ${CMAKE_SOURCE_DIR}/testdata/fuzz/${parser})
	endif()
	vt_test(${target} ${target} ${inputs})
	set_tests_properties(${target} PROPERTIES
	    FIXTURES_REQUIRED "pki;fuzz-seeds")
endfunction()

# vt_tool(NAME [DEPS module...])
#
# The program vanthu-NAME from cmd/NAME/*.c, and its test.sh.
function(vt_tool name)
	cmake_parse_arguments(t "" "" "DEPS" ${ARGN})
	file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.c)
	set(program vanthu-${name})
	if(name STREQUAL "vanthu")
		set(program vanthu)
	endif()
	add_executable(${program} ${sources})
	list(TRANSFORM t_DEPS PREPEND vt_)
	target_link_libraries(${program} vt_cli ${t_DEPS})
	install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
	set_property(GLOBAL APPEND PROPERTY VT_TOOLS ${program})
	file(GLOB tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/test*.sh)
	foreach(file ${tests})
		get_filename_component(test ${file} NAME_WE)
		string(REPLACE "test" "${program}" test ${test})
		vt_test(${test} sh ${file})
	endforeach()
endfunction()

# vt_library(): libvanthu.a, all modules in one archive, its headers and its
# pkg-config file.
function(vt_library)
	get_property(modules GLOBAL PROPERTY VT_MODULES)
	get_property(headers GLOBAL PROPERTY VT_HEADERS)
	list(REMOVE_ITEM modules cli) # the tools' own, not a library's
	list(FILTER headers EXCLUDE REGEX "/cli\\.h$")
	set(objects)
	foreach(name ${modules})
		list(APPEND objects $<TARGET_OBJECTS:vt_${name}>)
	endforeach()
	add_library(libvanthu STATIC ${objects}) # "vanthu" is the program
	set_target_properties(libvanthu PROPERTIES LINKER_LANGUAGE C
	    OUTPUT_NAME vanthu)
	install(TARGETS libvanthu ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
	install(FILES ${headers} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/vanthu)
	# from where the file lies, so that what is installed may be moved
	file(RELATIVE_PATH VT_PC_UP /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
	configure_file(${CMAKE_SOURCE_DIR}/scripts/cmake/vanthu.pc.in
	    ${CMAKE_BINARY_DIR}/vanthu.pc @ONLY)
	install(FILES ${CMAKE_BINARY_DIR}/vanthu.pc
	    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endfunction()
