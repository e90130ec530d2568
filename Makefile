# understudy: see src/README.md for the map of the code.
#
#   make            build/understudy, build/libunderstudy.a and .so
#   make dev        the same in build-dev/, warnings are errors
#   make unit       unit tests, no server needed; ONLY=folder for the suites of one folder
#   make check      deps, build, and every test
#   make check-all  the same, and the server tests again on PostgreSQL 18 and MySQL 9, which it fetches
#   make lint       format, tidy, layers, banned calls, shellcheck
#
# Variables: CC, BUILD (a directory), WERROR=1, V=1 (show commands), PREFIX, DESTDIR, TARGET (fuzz), ONLY (unit).
# The client library of MySQL and MariaDB is MariaDB's Connector/C; MYSQL_PACKAGE=mysqlclient builds
# with Oracle's, and MYSQL_CFLAGS and MYSQL_LIBS with one that pkg-config does not know.

VERSION := 0.1.0
SOVERSION := 0
ifeq ($(origin CC),default)
CC := gcc
endif
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
ONLY ?=
WERROR ?=
INSTALL ?= install

PACKAGES := libpq libsodium yaml-0.1 yajl libcrypto libpcre2-8 libxxhash
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
MYSQL_PACKAGE ?= libmariadb
MYSQL_CFLAGS ?= $(shell pkg-config --cflags $(MYSQL_PACKAGE) 2>/dev/null)
MYSQL_LIBS ?= $(shell pkg-config --libs $(MYSQL_PACKAGE) 2>/dev/null)
CHECK_CFLAGS := $(shell pkg-config --cflags check 2>/dev/null)
CHECK_LIBS := $(shell pkg-config --libs check 2>/dev/null)

OPTIMIZE ?= -O2 -g
HARDEN ?= -fstack-protector-strong -D_FORTIFY_SOURCE=2
SANITIZE ?=
WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes \
            -Wmissing-prototypes -Wcast-qual -Wvla -Wwrite-strings -Wformat=2 -Wundef
# What is common to the compiler, clang-tidy and the check that headers stand alone.
BASE_CFLAGS := -std=c11 -D_GNU_SOURCE -DUNDERSTUDY_VERSION='"$(VERSION)"' -Isrc -Iinclude \
               $(patsubst -I%,-isystem %,$(PKG_CFLAGS) $(MYSQL_CFLAGS)) -pthread
ALL_CFLAGS = $(BASE_CFLAGS) $(WARNINGS) $(OPTIMIZE) -fPIC -fvisibility=hidden $(HARDEN) \
             $(SANITIZE) $(CFLAGS)
EXTRA_CFLAGS = $(if $(WERROR),-Werror)
ALL_LDFLAGS = -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE) $(LDFLAGS)
ALL_LIBS = $(PKG_LIBS) $(MYSQL_LIBS) -lroaring -lm $(LDLIBS)

# V=1 shows the commands in full.
Q := $(if $(V),,@)
show = $(if $(V),,@echo '  $(1)')

find_c = $(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort)
objects_of = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

LIB_SOURCES := $(filter-out src/cli/%,$(call find_c,src))
CLI_SOURCES := $(if $(wildcard src/cli/main.c),$(filter src/cli/%,$(call find_c,src)))
TEST_SOURCES := $(call find_c,$(if $(ONLY),tests/unit/$(ONLY),tests/unit))
SUITE_SOURCES := $(foreach file,$(TEST_SOURCES),$(if $(filter test_%,$(notdir $(file))),$(file)))
# The corpus of every fuzz target replays in the unit tests.
FUZZ_SOURCES := $(if $(ONLY),,$(wildcard tests/fuzz/fuzz_*.c))
SUPPORT_SOURCES := $(call find_c,tests/support)
NAMES_OBJECT := $(BUILD)/obj/names_text.o
LIB_OBJECTS := $(call objects_of,$(LIB_SOURCES)) $(NAMES_OBJECT)
CLI_OBJECTS := $(call objects_of,$(CLI_SOURCES))
TEST_OBJECTS := $(call objects_of,$(TEST_SOURCES) $(FUZZ_SOURCES))
SUPPORT_OBJECTS := $(call objects_of,$(SUPPORT_SOURCES))
UNIT := $(BUILD)/unit$(if $(ONLY),-$(subst /,-,$(ONLY)))
LIBRARY := $(BUILD)/libunderstudy.a
SHARED := $(BUILD)/libunderstudy.so

all: $(LIBRARY) $(SHARED) $(if $(CLI_OBJECTS),$(BUILD)/understudy)

dev:
	+@$(MAKE) --no-print-directory BUILD=build-dev WERROR=1 all

# $(call keep,TEXT): rewrites $@ when the text differs from what it holds.
keep = mkdir -p $(@D) && printf '%s\n' '$(subst ','\'',$(1))' >$@.new && \
       if cmp -s $@.new $@; then rm -f $@.new; else mv -f $@.new $@; fi

$(BUILD)/flags: FORCE
	@$(call keep,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS))
$(BUILD)/library.list: FORCE
	@$(call keep,$(LIB_OBJECTS))
$(UNIT).list: FORCE
	@$(call keep,$(TEST_OBJECTS) $(SUPPORT_OBJECTS))

$(BUILD)/obj/tests/%.o: EXTRA_CFLAGS += $(CHECK_CFLAGS) -Itests -Wno-pedantic
$(BUILD)/obj/tests/fuzz/%.o: EXTRA_CFLAGS += -DLLVMFuzzerTestOneInput=$(notdir $*)
$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call show,CC $<)
	$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

# The dictionary of names that init and detect are built with.
$(BUILD)/names_text.c: profiles/names.yaml scripts/embed
	@mkdir -p $(@D)
	$(Q)scripts/embed names_text detect/names_text.h $< >$@.new && mv -f $@.new $@
$(NAMES_OBJECT): $(BUILD)/names_text.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call show,CC $<)
	$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -c $< -o $@

$(LIBRARY): $(LIB_OBJECTS) $(BUILD)/library.list
	@rm -f $@
	$(call show,AR $@)
	$(Q)$(AR) rcs $@ $(LIB_OBJECTS)

$(SHARED): $(LIB_OBJECTS) $(BUILD)/library.list
	$(call show,LD $@)
	$(Q)$(CC) -shared -Wl,-soname,libunderstudy.so.$(SOVERSION) $(ALL_LDFLAGS) -o $@ $(LIB_OBJECTS) $(ALL_LIBS)

$(BUILD)/understudy: $(CLI_OBJECTS) $(LIBRARY)
	$(call show,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(CLI_OBJECTS) $(LIBRARY) $(ALL_LIBS)

$(BUILD)/libsupport.a: $(SUPPORT_OBJECTS) $(UNIT).list
	@rm -f $@
	@$(AR) rcs $@ $(SUPPORT_OBJECTS)

$(UNIT)-main.c: $(UNIT).list scripts/unit-main
	@scripts/unit-main $(SUITE_SOURCES) $(FUZZ_SOURCES) >$@.new && mv -f $@.new $@

$(UNIT): $(UNIT)-main.c $(TEST_OBJECTS) $(BUILD)/libsupport.a $(LIBRARY)
	$(call show,LD $@)
	$(Q)$(CC) $(ALL_CFLAGS) $(CHECK_CFLAGS) $(ALL_LDFLAGS) -o $@ -Itests $(UNIT)-main.c $(TEST_OBJECTS) \
		$(BUILD)/libsupport.a $(LIBRARY) $(CHECK_LIBS) $(ALL_LIBS)

# What a program of ours is linked with: for the scripts that build one of their own.
libs:
	@echo $(ALL_LIBS)

# A machine that is busy with something else is no failure: the limit is for what hangs.
unit: $(UNIT)
	@CK_DEFAULT_TIMEOUT=$${CK_DEFAULT_TIMEOUT:-60} $(UNIT)

deps:
	scripts/deps

asan:
	+@UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=detect_stack_use_after_return=1:allocator_may_return_null=1:handle_segv=0 \
	$(MAKE) --no-print-directory BUILD=build-asan OPTIMIZE='-O1 -g -fno-omit-frame-pointer' HARDEN= \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=undefined' unit

tsan:
	+@TSAN_OPTIONS=halt_on_error=1:allocator_may_return_null=1:handle_segv=0 \
	$(MAKE) --no-print-directory BUILD=build-tsan OPTIMIZE='-O1 -g -fno-omit-frame-pointer' HARDEN= \
		SANITIZE=-fsanitize=thread unit

# Takes what a golden case gives now as what it must give: read the difference before you commit it.
golden-accept: all
	tests/golden/run --accept $(CASE)

coverage:
	+@$(MAKE) --no-print-directory BUILD=build-coverage OPTIMIZE='-O0 -g' HARDEN= SANITIZE=--coverage unit
	scripts/coverage build-coverage

lint:
	@$(call run_script,scripts/lint.sh) '$(CC)' $(BASE_CFLAGS)

# Rewrites the sources as .clang-format wants them.
format:
	find $(wildcard src include tests) -name '*.[ch]' -exec clang-format -i {} +

check:
	+@MAKE='$(MAKE)' scripts/check '$(BUILD)'

check-all:
	+@MAKE='$(MAKE)' scripts/check --all '$(BUILD)'

# $(call run_script,PATH): fails with a clear line where the script is not there.
run_script = if [ ! -x $(1) ]; then echo "make $@: $(1) does not exist" >&2; exit 1; fi; $(1)

$(BUILD)/constructions: $(BUILD)/obj/tests/bench/constructions.o $(LIBRARY)
	$(call show,LD $@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

bench: all $(BUILD)/constructions
	@$(call run_script,tests/bench/run)

# The packages first: make itself looks for libraries when it reads this file, so it is read again.
demo:
	@scripts/deps
	+@$(MAKE) --no-print-directory -j "$$(nproc)" all
	@$(call run_script,scripts/demo)

# One fuzz target: tests/fuzz/fuzz_TARGET.c, with its corpus in tests/fuzz/corpus/TARGET.
FUZZ_SECONDS ?= 60
fuzz:
	@if [ ! -f 'tests/fuzz/fuzz_$(TARGET).c' ]; then \
		echo "make fuzz: give TARGET=, one of:" $(patsubst fuzz_%.c,%,$(notdir $(wildcard tests/fuzz/fuzz_*.c))) >&2; \
		exit 1; fi
	+@$(MAKE) --no-print-directory CC=clang BUILD=build-fuzz OPTIMIZE='-O1 -g' HARDEN= \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined' \
		build-fuzz/libunderstudy.a
	@mkdir -p build-fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)
	clang $(BASE_CFLAGS) -Itests -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined -o build-fuzz/fuzz_$(TARGET) \
		tests/fuzz/fuzz_$(TARGET).c build-fuzz/libunderstudy.a $(ALL_LIBS)
	build-fuzz/fuzz_$(TARGET) -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build-fuzz/ build-fuzz/corpus/$(TARGET) tests/fuzz/corpus/$(TARGET)

# The manual page and the completions are made from the program's own help.
SHARE := $(BUILD)/share
SHARED_TEXTS := $(addprefix $(SHARE)/,understudy.1 understudy.bash understudy.zsh understudy.fish)

$(SHARE)/understudy.1: $(BUILD)/understudy scripts/man
	@mkdir -p $(@D)
	scripts/man $< >$@
$(SHARE)/understudy.%: $(BUILD)/understudy scripts/completions
	@mkdir -p $(@D)
	scripts/completions $< $* >$@

install: all $(SHARED_TEXTS)
	@if [ ! -x $(BUILD)/understudy ]; then echo "make install: there is no program in $(BUILD)" >&2; exit 1; fi
	$(INSTALL) -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib/pkgconfig' \
		'$(DESTDIR)$(PREFIX)/include/understudy' '$(DESTDIR)$(PREFIX)/share/understudy/profiles'
	$(INSTALL) -m 755 $(BUILD)/understudy '$(DESTDIR)$(PREFIX)/bin/understudy'
	for folder in man/man1 bash-completion/completions zsh/site-functions fish/vendor_completions.d; do \
		$(INSTALL) -d '$(DESTDIR)$(PREFIX)'/share/$$folder || exit 1; done
	$(INSTALL) -m 644 $(SHARE)/understudy.1 '$(DESTDIR)$(PREFIX)/share/man/man1/understudy.1'
	$(INSTALL) -m 644 $(SHARE)/understudy.bash '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/understudy'
	$(INSTALL) -m 644 $(SHARE)/understudy.zsh '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_understudy'
	$(INSTALL) -m 644 $(SHARE)/understudy.fish '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/understudy.fish'
	$(INSTALL) -m 644 $(LIBRARY) '$(DESTDIR)$(PREFIX)/lib/libunderstudy.a'
	$(INSTALL) -m 755 $(SHARED) '$(DESTDIR)$(PREFIX)/lib/libunderstudy.so.$(SOVERSION)'
	ln -sf libunderstudy.so.$(SOVERSION) '$(DESTDIR)$(PREFIX)/lib/libunderstudy.so'
	$(if $(wildcard include/understudy/*.h),$(INSTALL) -m 644 include/understudy/*.h '$(DESTDIR)$(PREFIX)/include/understudy/')
	$(if $(wildcard profiles/*),cp -R profiles/. '$(DESTDIR)$(PREFIX)/share/understudy/profiles/')
	printf '%s\n' 'Name: understudy' 'Description: referentially whole, masked copies of databases' \
		'Version: $(VERSION)' 'Requires.private: $(PACKAGES) $(MYSQL_PACKAGE)' 'Libs: -L$(PREFIX)/lib -lunderstudy' \
		'Libs.private: -lroaring -lm -pthread' 'Cflags: -I$(PREFIX)/include' \
		>'$(DESTDIR)$(PREFIX)/lib/pkgconfig/understudy.pc'

dist:
	@mkdir -p dist
	git archive --format=tar.gz --prefix=understudy-$(VERSION)/ -o dist/understudy-$(VERSION).tar.gz HEAD
	@echo dist/understudy-$(VERSION).tar.gz

clean:
	rm -rf build build-dev build-asan build-tsan build-coverage build-fuzz dist

FORCE:
.PHONY: libs golden-accept all dev unit deps asan tsan coverage lint format check check-all bench demo fuzz install dist clean FORCE
.DELETE_ON_ERROR:

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(TEST_OBJECTS:.o=.d) $(SUPPORT_OBJECTS:.o=.d)
