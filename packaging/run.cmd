@echo off
rem Sets up what is missing and starts the program. Needs Python 3.11 or newer (the "py" launcher) and, the first time, a network.
rem The installer for offices is made otherwise (packaging\release.md); this is for people who work on the program under Windows.
setlocal
chcp 65001 >nul
set PYTHONUTF8=1
set PIP_DISABLE_PIP_VERSION_CHECK=1
cd /d "%~dp0.."
set PY=.venv\Scripts\python.exe

if not exist "%PY%" (
  echo 正在建立运行环境 .venv
  py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" || (echo 没有找到 Python 3.11 或更高版本，请先安装。& exit /b 1)
  py -3 -m venv .venv || (echo 运行环境没有建成，请检查磁盘空间和文件夹权限。& exit /b 1)
)
fc /b packaging\requirements.txt .venv\requirements.txt >nul 2>nul
if errorlevel 1 (
  echo 正在安装依赖，约一分钟
  "%PY%" -m pip install --quiet --require-hashes --only-binary :all: -r packaging\requirements.txt || (echo 依赖没有装上，请检查网络后再运行一次。& exit /b 1)
  "%PY%" -m pip install --quiet --no-build-isolation --no-deps --no-index --editable . || (echo 程序没有装进运行环境，请删除 .venv 文件夹后再运行一次。& exit /b 1)
  copy /y packaging\requirements.txt .venv\requirements.txt >nul
)
if "%~1"=="--setup-only" exit /b 0
"%PY%" -m hongyao_desktop %*
