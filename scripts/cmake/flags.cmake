# Compiler and linker flags: C17, warnings, hardening, reproducible output.

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

add_compile_definitions(_GNU_SOURCE _FILE_OFFSET_BITS=64
    OPENSSL_API_COMPAT=30000 OPENSSL_NO_DEPRECATED)
add_compile_options(-Wall -Wextra -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wpointer-arith -Wwrite-strings -Wvla -Wformat=2
    -Wno-format-nonliteral -Wundef -fno-common
    -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=)
if(VT_WERROR)
	add_compile_options(-Werror)
endif()

# OpenSSF's list for C; an unknown flag fails the build here, not quietly.
include(CheckCCompilerFlag)
foreach(flag -fstack-protector-strong -fstack-clash-protection
    -fcf-protection=full)
	string(MAKE_C_IDENTIFIER "have${flag}" have)
	check_c_compiler_flag(${flag} ${have})
	if(NOT ${have} AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64")
		message(FATAL_ERROR "the compiler does not know ${flag}")
	elseif(${have})
		add_compile_options(${flag})
	endif()
endforeach()
add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack
    -Wl,--as-needed -Wl,--gc-sections)
add_compile_options(-ffunction-sections -fdata-sections)

if(VT_SANITIZE)
	add_compile_options(-fsanitize=address,undefined
	    -fno-sanitize-recover=all -fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
	if(VT_FUZZ)
		add_compile_options(-fsanitize=fuzzer-no-link)
	endif()
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
	add_compile_definitions(_FORTIFY_SOURCE=2)
endif()
