"""Words that tell posts, bodies and titles from names of people."""

from __future__ import annotations

import re

TITLES = frozenset(
    """mr mrs ms miss mx dr prof professor sir dame lord lady baroness baron rev revd reverend canon
    fr cllr cllrs councillor councillors councilor cr clr alderman ald col major maj capt lt insp
    inspector supt superintendent sgt sergeant pc pcso messrs mesdames drs hon rt""".split()
)
"""Titles before a name, in lower case without a stop."""

PLURAL_TITLES = frozenset("cllrs councillors messrs mesdames drs".split())
"""Titles that stand before several names."""

HONOURS = frozenset(
    "mbe obe cbe dbe kbe bem jp dl mp qc kc qpm frcs frcgp mep phd td rd ba bsc msc frsa".split()
)
"""Letters after a name."""

PARTICLES = frozenset("de da di van von der den ten le la du bin al el st mc mac o'".split())
"""Small words inside a surname."""

POSTS = frozenset(
    """absence absent accountable acute adult adults advisor adviser agency apologies area arrived
    assistant associate association attendance attending authority board body borough branch
    business by cabinet care carer carers ccg centre central chair chairman chairperson chairwoman
    chief child children childrens city civic clerk clinical college commission commissioner
    commissioning committee communications community company consultant constabulary corporate
    corporation council councillor councillors councils county crime defence delivery democratic
    department deputy designate development digital direct director directorate district division
    doctor east education emergency employee engagement england environment estates ex executive
    external families family finance financial fire force forum foundation general
    governance governing governor governors group gp guest guests head headteacher health
    healthcare healthwatch healthy highways home hospital hospitals housing human icb improvement
    independent information inspector integrated integration interim items joint labour lay lead
    leader learning left legal leisure liberal library local locality manager mayor medical medicine
    member members mental mid minute minutes monitoring national neighbourhood nhs non
    non-executive north nurse nursing observer observers of office officer officers only operating
    operations organisation organisational other others parish part partner partners partnership
    patient patients people performance pharmacist pharmacy planning police policy portfolio
 practice present press prevention primary principal private programme programmes
    protection provider public quality quoracy quorate regional register registered relations
    report representative representing research residents resources safeguarding safety school
    schools scrutiny secondary secretary section sector senior service services social society
    solicitor south staff strategic strategy sub-committee substitute support system systems taker
    team technical theatre town transformation transport treasurer trust unit university vacancy
    vacant vice vice-chair vice-chairman vicechair video virtual virtually visitors voluntary voting
 warden footpath welcome welfare wellbeing women workforce work works youth none nil not
    received noted from item agenda meeting monday tuesday wednesday thursday friday saturday sunday
    january february march april june july august september october november december pre re the
    conservative conservatives democrat democrats party alliance ltd limited plc llp cic
    affiliation affilliation name title role job signed dated date time venue location""".split()
)
"""Words of posts and bodies: a run of capitals that holds one is no name."""

ROLE = re.compile(
    r"\b(?:chair|chairs|chairman|chairperson|chairwoman|director|officer|manager|member|clerk|head|lead|"
    r"leader|representative|secretary|treasurer|assistant|deputy|governor|adviser|advisor|consultant|nurse|"
    r"executive|chief|doctor|gp|pharmacist|solicitor|observer|minute[s]?\b|taker|administrator|"
    r"co-?ordinator|commissioner|councillor|substitute|mayor|auditor|practitioner|analyst|physician|"
    r"psychologist|accountant|president|trustee|coordinator|apprentice|engineer|planner|warden|"
    r"inspector|superintendent|partner|professional|specialist|supervisor|guardian|professor)\b",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:council|nhs|trust|ccg|icb|icp|lpc|lmc|board|police|constabulary|healthwatch|university|ltd|"
    r"limited|pharmacy|association|hospital|partnership|authority|foundation|charity|agency|society|"
    r"college|school|federation|practice|surgery|england|group|forum|company|service|services|"
    r"committee|department|commission|church|chamber|union|alliance|network|centre|boots|age\s+uk|"
    r"[A-Z]{2,6}CC|[A-Z]{1,4}BC|KCC|CVS)\b",
    re.IGNORECASE,
)
VIRTUAL = re.compile(
    r"\b(?:virtual(?:ly)?|remote(?:ly)?|via\s+(?:virtual|video|teams|ms\s+teams|zoom|telephone|phone)|"
    r"on(?:-|\s)?line|by\s+(?:video|telephone|phone)|dialled\s+in|videoconference)\b",
    re.IGNORECASE,
)
