#!/usr/bin/env bash
# A catalogue of many files with GNU parallel: N jobs at a time, each a part; what fails is tried again, what is done stays done.
#
#   examples/cluster/parallel.sh files.txt catalogue/ 40
#
# Run it again after a crash or a reboot: finished parts are not made again (--resume-failed reads the log of jobs).
set -euo pipefail
list="$1" catalogue="$2" shards="${3:-40}"

seq "$shards" | parallel --retries 3 --joblog "$catalogue.joblog" --resume-failed \
    asdf index "@$list" -o "$catalogue" --shard "{}/$shards" --threads 1

asdf index --merge -o "$catalogue"
# What no row speaks of is the list of the next run.
asdf index --missing "@$list" -o "$catalogue"
