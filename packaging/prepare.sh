# Sourced by run.sh and test.sh: system packages and the virtual environment .venv/, each only when something is missing.
# A second call needs no network and takes well under a second. Messages are Chinese: run.sh is for the people who use the program.
set -euo pipefail
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"
export PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
python=.venv/bin/python

# A window needs these (Qt's own libraries come with its wheel); the first line is enough without a screen.
window_packages="libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libfreetype6 libx11-6
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
  libxcb-xkb1 libxcb-util1 libxcb-sync1 libxcb-xfixes0 libxcb-render0 libx11-xcb1 libxkbcommon-x11-0"
# Only the tests call these: a screen to draw on, readers of our PDF files, a second opinion on our spreadsheets.
test_packages="xvfb xauth xdotool poppler-utils qpdf ghostscript libreoffice-calc-nogui"

stop() {
  echo "$1" >&2
  exit 1
}

# system_packages NAME…: installs what is missing. On a system without dpkg it says nothing and trusts the owner.
system_packages() {
  command -v dpkg-query >/dev/null || return 0
  local installed missing=() name log
  installed=" $(dpkg-query -W -f='${db:Status-Status} ${Package} ${Provides}\n' | sed -n 's/^installed //p' | tr ',\n' '  ') "
  for name in "$@"; do
    [[ $installed == *" $name "* ]] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || stop "缺少系统软件包，请管理员先运行：apt-get install -y ${missing[*]}"
  echo "正在安装系统软件包：${missing[*]}"
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends -o Acquire::Retries=3 "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "系统软件包没有装上，请检查网络和软件源后再运行一次。"
  fi
  rm -f "$log"
}

# environment run|dev: makes .venv/ from the pinned requirements, and puts the project itself into it.
environment() {
  local list stamp want base
  case $1 in run) list=packaging/requirements.txt ;; dev) list=packaging/requirements-dev.txt ;; esac
  base=${PYTHON:-python3}
  command -v "$base" >/dev/null || stop "没有找到 Python，请先安装 Python 3.11 或更高版本。"
  "$base" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Python 版本太低，需要 3.11 或更高版本。"

  # A moved folder or another Python makes the old environment useless: its programs name both.
  want="$top $("$base" -c 'import platform; print(platform.python_version(), platform.machine())')"
  if [ "$(cat .venv/.made-for 2>/dev/null || true)" != "$want" ]; then
    "$base" -c 'import ensurepip, venv' 2>/dev/null || system_packages python3-venv python3-pip
    echo "正在建立运行环境 .venv"
    rm -rf .venv
    "$base" -m venv .venv || stop "运行环境没有建成，请检查磁盘空间和文件夹权限。"
    echo "$want" >.venv/.made-for
  fi

  # The development list contains the other one, so its stamp satisfies both.
  stamp=$(sha256sum "$list" | cut -d ' ' -f 1)
  if ! grep -qsx "$stamp" .venv/.requirements; then
    echo "正在安装依赖（约一分钟）"
    "$python" -m pip install -qq --require-hashes --only-binary :all: --requirement "$list" ||
      stop "依赖没有装上，请检查网络后再运行一次。"
    if [ "$1" = dev ]; then sha256sum packaging/requirements.txt packaging/requirements-dev.txt | cut -d ' ' -f 1 >.venv/.requirements
    else echo "$stamp" >>.venv/.requirements; fi
  fi
  stamp=$(sha256sum pyproject.toml | cut -d ' ' -f 1)
  if ! grep -qsx "$stamp" .venv/.project; then
    "$python" -m pip install -qq --no-build-isolation --no-deps --no-index --editable . ||
      stop "程序没有装进运行环境，请删除 .venv 文件夹后再运行一次。"
    echo "$stamp" >.venv/.project
  fi
}
