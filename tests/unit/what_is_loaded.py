"""Stands for what a worker loads: says which process loaded it."""

import os

PROCESS = os.getpid()
