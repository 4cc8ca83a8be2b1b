#!/usr/bin/env bash
# Sets up what is missing and starts the program on a demonstration office. Without a display it does the main job on its own:
# imports the sample registers, prints the meeting paper and the spreadsheets, checks the file, and says where everything lies.
#   bash packaging/run.sh               set up and start
#   bash packaging/run.sh --setup-only  set up and stop
source "$(dirname "${BASH_SOURCE[0]}")/prepare.sh"

# True when a window can really be opened: a variable alone may be left over from a session long gone.
display_usable() {
  if [ -n "${WAYLAND_DISPLAY:-}" ] && [ -S "${XDG_RUNTIME_DIR:-}/${WAYLAND_DISPLAY}" ]; then return 0; fi
  [ -n "${DISPLAY:-}" ] || return 1
  "$python" - <<'PY'
import ctypes, sys
xcb = ctypes.CDLL("libxcb.so.1")
xcb.xcb_connect.restype = ctypes.c_void_p
xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
sys.exit(xcb.xcb_connection_has_error(xcb.xcb_connect(None, None)) != 0)
PY
}

case ${1:-} in
  '' | --setup-only) ;;
  *) stop "用法：bash packaging/run.sh [--setup-only]" ;;
esac

# shellcheck disable=SC2086 # a list of names
system_packages $window_packages
environment run
[ "${1:-}" != --setup-only ] || { echo "环境已就绪。"; exit 0; }

if display_usable; then
  office=out/演示单位.hongyao
  mkdir -p out
  note=out/演示单位的操作员和口令.txt
  [ -e "$office" ] || "$python" -m hongyao_desktop demo "$office" >"$note"
  cat "$note"
  exec "$python" -m hongyao_desktop open "$office"
fi
echo "没有可用的显示器，直接完成一遍主要工作。"
export QT_QPA_PLATFORM=offscreen
rm -rf out/demo
mkdir -p out
exec "$python" -m hongyao_desktop tour out/demo
