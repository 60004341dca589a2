#!/bin/sh
# two offices and an axis in a storm, a small one
set -u
exec sh "$VANTHU_SOURCE/scripts/faults/storm.sh" -n 12
