"""The lexicon: the words and phrases by which :mod:`kb.audit.wording` judges a sentence. English, as patterns."""

#: Words that claim an effect for the patient, or for the work of treating one.
EFFECT = (
    r"reliev\w+", r"relief (?:from|of)",
    r"(?:provid\w+|offer\w*|giv\w+|gave|bring\w*|brought|deliver\w*|gets?|f[io]u?nds?|experienc\w+|achiev\w+|"
    r"lasting|effective|immediate|instant|rapid|fast|significant|complete|substantial|drug-free)(?:\s+[\w%’'-]+){0,6}?\s+relief",
    r"superior to", r"better than", r"outperform\w*", r"pain-free", r"free (?:of|from) pain",
    r"goodbye to (?:\w+ )?pain",
    r"reduc\w+", r"(?<!with )eas(?:e|es|ed|ing)(?! of)",
    r"help(?:s|ed|ing)?(?!\s+(?:(?:you|us|them|people|patients|doctors|your (?:doctor|team))\s+)?"
    r"(?:to\s+)?(?:decide|understand|choose|find out|learn|know|determine|plan|guide|diagnose|identify|relax)\b)",
    r"helpful", r"improv\w+", r"enhanc\w+", r"treat(?:s|ed)?(?!(?: \w+){0,3} (?:patients|people|you)\b)",
    r"heal(?:s|ed|ing)?(?! care)",
    r"effective(?:ly|ness)?", r"efficacy", r"efficacious", r"benefi(?:t|ts|ted|cial)", r"prevent(?:s|ed|ing)?",
    r"cur(?:e|es|ed|ing)", r"eliminat\w+",
    r"(?<!to )(?<!at )(?<!of )(?<!from )works?(?=\s+(?:as well|just as|well|best|for|better|quickly|fast|wonders|even|"
    r"when|against|because|in (?:most|many|all|some)|if|only|every)\b|\s*(?:[.,;!”\"]|$))",
    r"to work", r"worked",
    r"lower(?:s|ed|ing)?(?!\s+(?:back|limbs?|legs?|extremit\w+|body|spine|end|half|part|dose|strength|level)\b)(?!-)",
    r"lessen\w*", r"decreas\w+", r"alleviat\w+",
    r"(?:takes?|took|taking) (?:away (?:(?:the|your|my|their|all) )?(?:\w+ )?pain|(?:\w+ ){0,3}pain away)",
    r"(?:stops?|stopped|cuts?|halv(?:es|ed)|gets? rid of|got rid of|"
    r"feel(?:s|ing)? less|felt less|(?:have|had|has) less) "
    r"(?:(?:the|your|my|their|all|chronic|back|knee|nerve|joint|of) ){0,3}"
    r"pain(?! (?:medic\w+|relie\w+|killers?|drugs?|pills?|treatments?)\b)",
    r"pain (?:(?:will|can|may|has|have|often|just|simply) ){0,2}"
    r"(?:disappear\w*|vanish\w*|(?:is|was|be) gone|go(?:es)? away|went away|gone away)",
    r"(?:chang|transform)\w+ (?:(?:the|my|your|their|our|many|so|patients['’]?) )*li(?:fe|ves)",
    r"(?:your|my|their) li(?:fe|ves) back", r"game[- ]changer",
    r"gold[- ]standard(?: \w+){0,2} for(?! (?:diagnos|test|measur)\w*)",
    r"beats? (?:placebo|sham|surgery|opioids?|medication|drugs|other|every|any|all)",
    r"(?:delay|slow)s?(?: down)? (?:(?:the|your|need|for|progression|of|knee|hip|joint) )*"
    r"(?:arthritis|osteoarthritis|replacements?|surgery|degeneration|progression|disease)",
    r"not ineffective",
    r"(?:controls?|controll(?:ed|ing)|manag(?:e|es|ed))(?:\s+\w+){0,3}?\s+(?:pain|symptoms?|flare-ups?|anxiety|depression)",
    r"(?:control|management)\s+of(?:\s+\w+){0,2}?\s+(?:pain|symptoms?)",
    r"restor\w+", r"repair\w*", r"regenerat\w+", r"rebuild\w*", r"regrow\w*", r"revers(?:e|es|ed|ing)",
    r"distract\w*", r"interrupt\w*", r"block(?:s|ed|ing)?(?= (?:\w+ ){0,2}(?:pain|signals?|nerves?))", r"rewir\w+",
    r"best (?:\w+ )?(?:treatment|therapy|option|remedy|medicine|way)(?: (?:for|to|of))?",
    r"encouraging", r"promising", r"promise", r"success(?:ful|fully)?", r"speed(?:s|ed|ing)? up", r"boost\w*",
    r"sooth\w+", r"(?<!un)proven", r"proves?", r"guarantee\w*", r"solution (?:for|to)", r"miracle",
)  # fmt: skip
ABSOLUTE = (
    r"cur(?:e|es|ed|ing)", r"guarantee\w*", r"always", r"100 ?(?:%|per ?cent)(?! oxygen)", r"completely", r"totally",
    r"complete relief", r"every(?:one| patient| person)", r"for good(?=[.,;!]|$)",
    r"permanent(?:ly)?(?!\s+(?:\w+\s+)?(?:implant\w*|device|stimulator|system|leads?|electrodes?|generator|placement|"
    r"catheter)\b)",
    r"(?:clinically |scientifically )?(?<!yet to be )proven",
    r"proves?", r"eliminat\w+", r"never fails?", r"miracle",
    r"breakthrough(?!\s+(?:cancer\s+)?(?:pain|doses?|seizures?))", r"without any (?:risk|side effect)\w*",
    r"(?:entirely|completely|totally) safe", r"risk-free", r"revers(?:e|es|ed|ing)", r"pain-free",
    r"free (?:of|from) pain", r"goodbye to (?:\w+ )?pain",
)  # fmt: skip
PROBABLE = (
    r"probably", r"likely", r"often", r"usually", r"generally", r"most (?:people|patients)", r"tends? to", r"can",
    r"typically", r"moderate[- ](?:certainty|quality)", r"frequently",
)  # fmt: skip
POSSIBLE = (
    r"(?<!in )(?<!since )(?<!by )may(?!,? \d)",
    r"might", r"could", r"possibly", r"perhaps", r"suggest\w*",
    r"(?:some|several) (?:people|patients|users|studies|trials|experts|evidence)",
    r"(?<!helps )(?<!helped )many (?:people|patients|users)", r"(?:it is|it[’']s) possible", r"appears? to",
    r"seems? to",
    r"potential(?:ly)?", r"promising", r"promise", r"encouraging",
    r"early (?:studies|results|research|evidence|findings|trials)", r"hope\w*", r"can sometimes", r"sometimes",
    r"a (?:small )?minority of", r"only (?:a )?few",
    r"preliminary", r"aim(?:s|ed)? to", r"(?:designed|intended|thought|believed|expected|meant) to",
    r"(?<!very )low[- ](?:certainty|quality)", r"for some", r"in some (?:cases|people|patients)",
    # What one study found is no claim of what will happen.
    r"(?:one|a|another|this|our) (?:\w+ ){0,3}(?:trial|study|survey|experiment)", r"pilot",
    r"in (?:mice|rats|animals)",
)  # fmt: skip
UNCERTAIN = (
    r"(?<!un)uncertain", r"unclear", r"not (?:yet )?(?:known|clear|certain|established)", r"unproven",
    r"unknown",
    r"(?:more|further|better|larger) (?:research|studies|evidence|trials) (?:is|are) needed", r"little evidence",
    r"(?:weak|limited|insufficient|poor) evidence",
    r"evidence (?:\w+ ){0,3}(?:is|are) (?:weak|limited|poor|lacking|thin)",
    r"very low[- ](?:certainty|quality)", r"inconclusive", r"whether(?! you\b)", r"experimental", r"yet to be proven",
    r"we (?:do not|don['’]t) know", r"mixed results", r"conflicting",
    r"disagree\w*", r"debated", r"controversial",
)  # fmt: skip
#: What is hoped for, however great, is not claimed.
HOPED = (
    r"hope\w*",
    r"one day",
    r"in the future",
    r"goal",
    r"research(?:ers)? (?:is|are) (?:\w+ )?(?:studying|testing)",
)
#: A clause with one of these claims no benefit: it denies one, says what others claim, or only what is in use.
DENIAL = (
    r"no (?:better|more effective) than", r"no (?:clear |significant |meaningful |real )?differences?",
    r"(?<!not )ineffective",
    r"(?<!a )few (?:people|patients|users) (?:\w+ )?(?:benefit\w*|improve\w*|respond\w*|get better|"
    r"(?:get|find|found|achieve|experience)d? (?:\w+ )?relief)",
    r"should not", r"shouldn['’]t", r"myths?", r"misconceptions?", r"false(?:ly)? claims?", r"misleading", r"untrue",
    r"not true", r"(?:some|many|certain|these) \w+ (?:claim|advertise|promise|market)\w*", r"claims? (?:that|to)",
    r"no (?:known )?(?:cure|remedy)", r"(?:aim|goal|purpose) (?:of|is)", r"wonder(?:ing)? (?:if|whether)",
)  # fmt: skip
#: What is used, done or learnt says nothing of what it brings.
IN_USE = (
    r"(?:is|are|was|were|been|being|be)\s+(?:\w+\s+){0,2}?(?:used|given|offered|tried|prescribed|approved|licensed|indicated|"
    r"considered|studied|tested|investigated|researched)\s+(?:\w+\s+){0,3}?(?:to|for|in|as)\s+"
    r"(?:(?:help\s+)?(?:treat|manage|control|relieve|reduce|ease)(?:ing)?|treating|managing|controlling|relieving|reducing)"
    r"\b(?:(?!\band\b)[^,;.!?])*",
    r"(?:used|offered|prescribed|tried) (?:to treat|for treating|to manage|for managing)\b(?:(?!\band\b)[^,;.!?])*",
)  # fmt: skip
HARMS = (
    r"side[- ]effects?", r"adverse", r"risks?", r"complications?", r"harm(?:s|ful|ed)?", r"infections?", r"bleeding",
    r"unwanted", r"dangers?", r"dangerous", r"reactions?", r"worse(?:n|ns|ned|ning)?", r"contraindicat\w+",
    r"toxic\w*",
    r"dependence", r"addicti(?:on|ve)", r"overdose", r"nausea", r"dizziness", r"cybersickness", r"skin irritation",
    r"soreness", r"swelling", r"nerve damage", r"lead migration", r"safety", r"unsafe",
)  # fmt: skip
#: What says that there is no harm at all.
HARMLESS = (
    r"(?:no|zero|free (?:of|from)|without(?: any)?) (?:side[- ]effects?|risks?|adverse (?:effects?|events?|reactions?)|"
    r"complications?|dangers?|harms?|safety concerns?)(?! (?:of|that|to)\b)",
    r"(?:completely|totally|entirely|perfectly|absolutely|100 ?%) (?:safe|harmless)", r"harmless",
    r"(?:risk|side[- ]effect)s?-free",
    r"no known (?:side[- ]effects?|risks?|harms?|dangers?|adverse (?:effects?|events?))",
)  # fmt: skip
#: What is said to be less, or away, is no mention of a harm of the therapy.
NO_HARMS = (
    r"(?:fewer|no|less|without|lower|minimal|reduc\w+|low\w*|avoid\w*|free of|free from|limit\w*)\s+(?:any\s+|the\s+)?"
    r"(?:\w+\s+(?:and|or)\s+|\w+\s+)?"
    r"(?:side[- ]effects?|adverse\s+\w+|risks?|complications?|harms?|addiction|dependence|reactions?|safety concerns?)"
    r"(?:\s+(?:and|or)\s+(?:adverse\s+)?(?:reactions?|side[- ]effects?|complications?|risks?|dependence))?"
    r"|risk-free|at risk of|people at risk"
)
