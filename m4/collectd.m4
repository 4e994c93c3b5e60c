# COLLECTD_CHECK_HEADERS
# ----------------------
# Find the daemon's plugin headers, in one of two layouts:
#   DIR/core/daemon/plugin.h   installed (Debian's collectd-dev)
#   DIR/src/daemon/plugin.h    a collectd source tree in which ./configure ran
# Sets COLLECTD_DIR and COLLECTD_CPPFLAGS, for the few files that see collectd.
# They work only with the daemon's own config.h, which they include where
# HAVE_CONFIG_H is defined; so no header of ours may have that name.
AC_DEFUN([COLLECTD_CHECK_HEADERS], [
  AC_ARG_WITH([collectd],
    [AS_HELP_STRING([--with-collectd=DIR],
      [collectd's headers, or a configured collectd source tree
       @<:@/usr/include/collectd@:>@])],
    [], [with_collectd=/usr/include/collectd])

  AC_MSG_CHECKING([for collectd's plugin headers])
  AS_CASE([$with_collectd],
    [yes|no], [AC_MSG_ERROR([--with-collectd needs a directory])])
  AS_IF([test -r "$with_collectd/core/daemon/plugin.h"], [
    COLLECTD_DIR=`cd "$with_collectd" && pwd`
    collectd_core="$COLLECTD_DIR/core"
    collectd_roots="$COLLECTD_DIR `dirname "$COLLECTD_DIR"`"
  ], [test -r "$with_collectd/src/daemon/plugin.h"], [
    COLLECTD_DIR=`cd "$with_collectd" && pwd`
    collectd_core="$COLLECTD_DIR/src"
    collectd_roots=
  ], [AC_MSG_ERROR(m4_normalize([none in $with_collectd: install collectd-dev,
    or give a collectd source tree with --with-collectd=DIR]))])
  AS_IF([test ! -r "$collectd_core/config.h"],
    [AC_MSG_ERROR([$collectd_core/config.h is missing: run ./configure there])])
  AC_MSG_RESULT([$collectd_core])

  COLLECTD_CPPFLAGS="-DHAVE_CONFIG_H=1"
  for collectd_inc in "$collectd_core/daemon" "$collectd_core" $collectd_roots
  do
    # /usr/include is searched anyway, and must stay last.
    AS_CASE([$collectd_inc], [/usr/include], [],
      [COLLECTD_CPPFLAGS="$COLLECTD_CPPFLAGS -isystem $collectd_inc"])
  done

  AC_MSG_CHECKING([for the plugin API of collectd 5.11 or later])
  collectd_save_CPPFLAGS=$CPPFLAGS
  CPPFLAGS="$CPPFLAGS $COLLECTD_CPPFLAGS"
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
    #include "collectd.h"
    #include "plugin.h"
    #include "utils/common/common.h"
    #include "utils/metadata/meta_data.h"
    static int read_cb(user_data_t *ud) { return ud == NULL; }
    static void *run(void *arg) { return arg; }
    void module_register(void) {
      pthread_t id;
      value_list_t vl = VALUE_LIST_INIT;
      plugin_register_complex_read("g", "n", read_cb, TIME_T_TO_CDTIME_T(1),
                                   &(user_data_t){.data = NULL});
      plugin_thread_create(&id, run, NULL, "name");
      vl.meta = meta_data_create();
      plugin_dispatch_values(&vl);
    }
  ]])], [collectd_api=yes], [collectd_api=no])
  CPPFLAGS=$collectd_save_CPPFLAGS
  AC_MSG_RESULT([$collectd_api])
  AS_IF([test "$collectd_api" = no],
    [AC_MSG_ERROR([these headers do not fit; config.log has the messages])])

  AC_SUBST([COLLECTD_DIR])
  AC_SUBST([COLLECTD_CPPFLAGS])
])
