"""Odd bytes for everything that reads what others wrote: a result, or the error that is documented.

`make fuzz SECONDS=60` lets atheris look for bytes that break a target, for so long each. What it
finds is written into `corpus/<target>/`, and `test_corpus.py` plays all of that in `make test`.
"""
