"""Scripts that ask for another way to tell words apart."""

import re

#: A letter of a script that does not put spaces between words.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
