"""Export: answers in forms that others read.

evidence_page.py  a self-contained HTML page of answers
forest.py         where the marks of a forest plot stand
numbers.py        numbers as they are read
"""
