"""Let an editable install bring its data files.

setuptools asks the distribution for `has_data`, a name that nothing defines, and so skips them.
"""

from setuptools import Distribution, setup


class WithData(Distribution):
    has_data = Distribution.has_data_files


setup(distclass=WithData)
