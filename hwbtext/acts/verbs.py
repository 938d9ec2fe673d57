"""The verbs of tasks, as data: what somebody can be told to do after a meeting."""

from __future__ import annotations

import re

_TASKS = """
accompany act action add address adopt advertise advise alert amend analyse apply appoint
approach arrange ascertain ask assess assist attend audit bear book brief bring build buy
calculate call carry chase check circulate clarify clean clear co-ordinate collate collect come
commence commission compile complete compose compare confirm consider construct consult contact
convene convey coordinate copy correct cost create cut deal deliver demand design destroy
determine develop devise discuss display dispose distribute do donate download draft draw e-mail
email encourage endeavour enquire inquire ensure enter erect escalate establish evaluate examine
explore express facilitate feed feedback file fill finalise find fit fix flag follow formalise
formulate forward gain gather generate get give go hand hold hang hire host identify implement
include inform initiate insert inspect install instruct introduce investigate invite issue join
keep laminate lead let liaise list lobby locate lodge log look maintain make manage mark measure
meet mention monitor mow move negotiate nominate note notify obtain offer open order organise
oversee paint participate pass pay phone photograph pick place plan plant point post prepare
present print proceed process procure produce progress promote propose provide publicise publish
purchase pursue push put query raise re-advertise re-issue re-send read reassess recirculate
reconsider record recruit redraft refer refresh register relay remind remove renew repair
repaint replace reply report represent request research resend resolve respond return review
revise revisit ring roll run say scan schedule scope search secure see seek sell send set share
show sign sort source speak spray start store strim submit suggest summarise supply survey take
talk tell tend test tidy trace transfer treat trim trial try undertake update upload utilise
verify view visit volunteer water weed withdraw work write
""".split()
_LONGEST_FIRST = sorted(_TASKS, key=lambda verb: (-len(verb), verb))
TASK_VERB = rf"(?:{'|'.join(_LONGEST_FIRST)})\b(?!'|-)"
"""A base form: "to <verb>", "will <verb>", "that the Chair <verb>"."""

_DOING = "|".join(
    form
    for verb in _LONGEST_FIRST
    for form in (f"{verb.removesuffix('e')}ing", f"{verb}{verb[-1]}ing")
)
_DOES = "|".join(
    f"{verb[:-1]}ies" if verb[-1] == "y" and verb[-2] not in "aeo" else f"{verb}e?s"
    for verb in _LONGEST_FIRST
)
TASK_DOES = rf"(?:{_DOES})\b"
"""The same as clerks write it after "that": "requested that the Clerk clarifies"."""
TASK_DOING = rf"(?:{_DOING})\b"
"""The same in progress: "will be contacting"."""

# Of the same, what a speaker's "would" says of views and habits, not of a task.
_WEAK = set(
    "consider come do go hold note say see suggest work keep start let point bear run".split()
)
FIRM_VERB = rf"(?:{'|'.join(verb for verb in _LONGEST_FIRST if verb not in _WEAK)})\b(?!'|-)"
"""A base form that tells a task even after "would"."""

ADVERB = (
    r"(?:(?:also|then|now|therefore|again|further|both|all|jointly|kindly|still|formally|please|"
    r"first|together|each|urgently|hopefully|once\sagain|once\smore)\s){0,2}"
)
_OF_ITSELF = re.compile(rf"^{ADVERB}{TASK_VERB}")


def begins_with_task(text: str) -> bool:
    """Return whether a text begins with the base form of a verb of tasks.

    Examples
    --------
    >>> begins_with_task("write to the Trust"), begins_with_task("the Trust")
    (True, False)
    """
    return _OF_ITSELF.match(text) is not None
