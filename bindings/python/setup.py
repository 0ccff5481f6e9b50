"""The wheel is for one processor and for every Python 3: the library is opened, not compiled against."""
import re

from setuptools import setup
from setuptools.dist import Distribution

try:
    from setuptools.command.bdist_wheel import bdist_wheel
except ImportError:
    from wheel.bdist_wheel import bdist_wheel


class Binary(Distribution):
    def has_ext_modules(self):
        return True


class AnyPython(bdist_wheel):
    def get_tag(self):
        return "py3", "none", super().get_tag()[2]


version = re.search(r"^VERSION = '([^']+)'", open("tocsin/_interface.py").read(), re.M).group(1)
setup(version=version, distclass=Binary, cmdclass={"bdist_wheel": AnyPython})
