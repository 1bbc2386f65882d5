# shellcheck shell=sh disable=SC2034 # for those who source it
version=${project.version}
