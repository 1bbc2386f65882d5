# Sourced by the commands of 2014: asks this node's flockerd. Forks nothing but curl.
# shellcheck shell=sh

program=${0##*/}
# shellcheck source=/dev/null # made by the build: sets version
. "${lib:?}/version.sh"

# usage_error TEXT: as Flocker's tools said it.
usage_error() {
  usage >&2
  printf 'ERROR: %s\n' "$1" >&2
  exit 1
}

# standard_options ARG...: sets shift_by to how many of the arguments were options, and config.
# shellcheck disable=SC2034 # config is read by those who source this
standard_options() {
  shift_by=0
  config=/etc/flocker/volume.json
  while [ $# -gt 0 ]; do
    case $1 in
      --version) printf '%s\n' "${version:?}"; exit 0 ;;
      --help) usage; exit 0 ;;
      --verbose | -v | -vv | -vvv) ;;
      --config=?*) config=${1#--config=} ;;
      --pool=?* | --mountpoint=?*) ;; # flockerd's own settings count.
      --config | --pool | --mountpoint)
        [ $# -gt 1 ] || usage_error "option $1 requires argument"
        [ "$1" != --config ] || config=$2
        shift
        shift_by=$((shift_by + 1))
        ;;
      -*) usage_error "option $1 not recognized" ;;
      *) return 0 ;;
    esac
    shift
    shift_by=$((shift_by + 1))
  done
}

# Where this node listens: $FLOCKER_URL, else what flockerd.yml and conf.d say, else the usual.
find_node() {
  url=${FLOCKER_URL:-}
  if [ -z "$url" ]; then
    listen=''
    advertise=''
    LC_ALL=C # By its order of names flockerd reads them.
    for settings in /etc/flocker/flockerd.yml /etc/flocker/conf.d/*.yml; do
      { [ -f "$settings" ] && [ -r "$settings" ]; } || continue
      key=''
      while read -r key value _ || [ -n "$key" ]; do # The last line may have no end.
        value=${value#[\"\']}
        value=${value%[\"\']}
        case $key in
          listen:) listen=$value ;;
          advertise:) advertise=$value ;;
        esac
      done < "$settings"
    done
    url=${advertise:-${listen:-127.0.0.1:4523}}
    case $url in
      0.0.0.0:* | '[::]:'*) url=127.0.0.1:${url##*:} ;;
    esac
  fi
  case $url in
    https://*) ;;
    *) url=https://$url ;;
  esac
  url=${url%/}
  certificates=${FLOCKER_CERTIFICATES:-/etc/flocker}
}

# ask PATH [CURL-OPTION...]: sets answer, or says why there is none and exits with 1.
ask() {
  find_node
  path=$1
  shift
  answer=$(
    exec curl --silent --show-error --noproxy '*' --write-out '|%{http_code}' \
      --cacert "$certificates/cluster.crt" \
      --cert "$certificates/local.crt" --key "$certificates/local.key" \
      "$@" "$url$path"
  ) || exit 1 # curl has said why.
  status=${answer##*|}
  answer=${answer%|*}
  case $status in
    2*) return 0 ;;
  esac
  case $answer in
    *'"detail":"'*) tell_problem detail ;;
    *) printf '%s: %s answers %s: is it a flockerd?\n' "$program" "$url" "$status" >&2 ;;
  esac
  case $answer in
    *'"remedy":"'*) tell_problem remedy ;;
  esac
  exit 1
}

# tell_problem MEMBER: prints one text of a problem document.
tell_problem() {
  text=${answer#*\""$1"\":\"}
  printf '%s: %s\n' "$program" "${text%%\"*}" >&2
}
