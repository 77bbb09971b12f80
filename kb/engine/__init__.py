"""The embedded engine: one process per data folder, shared by every process that uses the folder.

share.py   find, ensure, stop: what the rest of Treatise calls
launch.py  start the child and hear whether it came up
state.py   what the child leaves for others to find: state file and password file
lock.py    file locks that the system releases when their holder dies
child.py   the process itself; the only place where a Java runtime lives
"""

from kb.engine.share import ensure_engine, find_engine, stop_engine
from kb.engine.state import Engine, engine_folder

__all__ = ["Engine", "engine_folder", "ensure_engine", "find_engine", "stop_engine"]
