"""Spanish. The certainty is told as in English: none at high, "probablemente" at moderate, "podría" at low.

Wording after the Spanish summaries of Cochrane and GRADE's informative statements (Santesso 2020,
doi:10.1016/j.jclinepi.2019.10.014). Names stand as the labels of the vocabulary have them; what has none stands in
English, in quotation marks. Numbers after the Real Academia Española: a decimal comma, and a space between thousands
from five digits on.
"""

import re

from kb.evidence.catalogue import Catalogue, Effect, Naming, Verb
from kb.evidence.catalogue.en import plural, uncapitalised
from schema.names import Label
from schema.terms import Certainty, ComparatorClass, Language, OutcomeDomain, TimeWindow

#: What a comparator's name adds for who keeps the vocabulary, and no reader needs.
_REMARK = re.compile(r", tipo .*$")

#: Articles of more than one.
_SEVERAL = frozenset({"los", "las", "unos", "unas"})

#: "de el" is "del"; "y" is "e" before the sound of an i but not of a diphthong (hielo), "o" is "u" before that of an o.
_BESIDE = (
    (re.compile(r"\b([Dd]e|[Aa]) el\b"), r"\1l"),
    (re.compile(r"\by (?=(?:[IiÍí]|[Hh][ií](?![ae]))\w)"), "e "),
    (re.compile(r"\bo (?=[Hh]?[OoÓó]\w)"), "u "),
)

_REDUCE = ("reducir", "reduce", "reducen")
_INCREASE = ("aumentar", "aumenta", "aumentan")
_IMPROVE = ("mejorar", "mejora", "mejoran")
_WORSEN = ("empeorar", "empeora", "empeoran")
_HELP = ("ayudar", "ayuda", "ayudan")
_LEAD = ("llevar", "lleva", "llevan")
_HARM = ("perjudicar", "perjudica", "perjudican")


def _effect(better: tuple[str, str, str], worse: tuple[str, str, str], thing: str) -> Effect:
    return Effect(Verb(*better, thing), Verb(*worse, thing), thing)


def _improve(thing: str) -> Effect:
    return _effect(_IMPROVE, _WORSEN, thing)


def _more_people(reach: str, reached: str) -> Effect:
    """``reach`` in the indicative, ``reached`` in the subjunctive, both in the plural."""
    return Effect(
        Verb(*_HELP, f"a que más {{who}} {reached}"),
        Verb(*_LEAD, f"a que menos {{who}} {reached}"),
        f"cuántas {{who}} {reach}",
    )


def _overall() -> Effect:
    judged = "según la conclusión de los propios autores"
    return Effect(
        Verb(*_HELP, f"en general, {judged},"),
        Verb(*_HARM, f"en general, {judged},"),
        f"cómo están las personas en general, {judged},",
    )


def _count(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}") if abs(value) >= 10_000 else str(value)


def _decimal(value: float, places: int) -> str:
    if abs(value) >= 1000:
        return _count(round(value))
    return f"{value:.{places}f}".rstrip("0").rstrip(".").replace(".", ",")


def _quoted(text: str) -> str:
    return f"«{text}»"


def _naming(name: str, label: Label | None) -> Naming:
    if label is None:
        foreign = _quoted(uncapitalised(name))
        return Naming(foreign, foreign, plural(name))
    bare = uncapitalised(_REMARK.sub("", label.name))
    return Naming(bare, f"{label.article} {bare}" if label.article else bare, label.article in _SEVERAL)


def _joined(text: str) -> str:
    """Return a text with the contractions of an article, and the conjunctions that a vowel alters."""
    for pattern, put in _BESIDE:
        text = pattern.sub(put, text)
    return text


def _people_with(condition: str) -> str:
    return f"personas {'en' if condition.startswith(('tratamiento', 'terapia')) else 'con'} {condition}"


def _outcome_name(naming: Naming, counts: bool) -> str:
    return f"el número de personas con {naming.bare}" if counts else naming.full


def _children(some: int, studies: int, review: bool) -> str:
    if review:
        return "La revisión fue sobre menores"
    if some < studies:
        return f"{_count(some)} de los {_count(studies)} estudios {'fue' if some == 1 else 'fueron'} solo con menores"
    return "El estudio fue con menores" if studies == 1 else "Todos los estudios fueron con menores"


def _also_about(names: str, review: bool) -> str:
    return f"{'La revisión' if review else 'El estudio'} trató también de {names}"


def _people_unknown_in(studies: str, people: str, unknown: int) -> str:
    silent = "uno no informó" if unknown == 1 else f"{_count(unknown)} no informaron"
    return f"{studies} con al menos {people} personas, pues {silent} de cuántas"


def _retracted(studies: int) -> str:
    if studies == 1:
        return "El único estudio que tenemos de {therapy} {condition} fue retractado. No se puede concluir nada de él."
    all_of_them = f"Los {_count(studies)} estudios que tenemos de {{therapy}} {{condition}} fueron retractados."
    return f"{all_of_them} No se puede concluir nada de ellos."


def _some_retracted(studies: int) -> str:
    if studies == 1:
        return "Un estudio sobre esta pregunta fue retractado y no se contó."
    return f"{_count(studies)} estudios sobre esta pregunta fueron retractados y no se contaron."


def _harms_none_read(studies: int) -> str:
    if not studies:
        return "No queda ningún estudio que informe de efectos no deseados. Eso no significa que no los haya."
    these = "este estudio" if studies == 1 else "estos estudios"
    return f"Lo que hemos leído de {these} no informa de efectos no deseados. Eso no significa que no los hubiera."


def _harms_read(told: int, studies: int) -> str:
    if studies == 1:
        return "Sobre efectos no deseados, el único estudio informó: {harms}."
    verb = "informó" if told == 1 else "informaron"
    return f"Sobre efectos no deseados, {_count(told)} de {_count(studies)} estudios {verb}: {{harms}}."


def _harms_more(more: int) -> str:
    return "uno más figura con los estudios" if more == 1 else f"{_count(more)} más figuran con los estudios"


def _leaning_pooled(towards: bool) -> str:
    way = "a favor de" if towards else "en contra de"
    return f"En conjunto, los estudios se inclinan {way} la terapia, pero no lo bastante para estar seguros"


def _silent(some: int) -> str:
    if some == 1:
        return "Uno de estos estudios no dice en qué sentido"
    return f"{_count(some)} de estos estudios no dicen en qué sentido"


def _contradicting(some: int, results: int, review: bool) -> str:
    if results == 1:
        whose = "de la propia revisión" if review else "del propio estudio"
        return f"Los números {whose} se contradicen, y no se puede saber cuál es correcto"
    if some == results:
        return f"Los números de cada uno de los {_count(results)} resultados se contradicen, y no se sabe cuáles valen"
    return (
        f"En {_count(some)} de los {_count(results)} resultados los números se contradicen. "
        "Lo que hemos leído no dice en qué sentido apuntan los demás"
    )


def _leaning(favouring: int, against: int, results: int) -> str:
    exact = "lo que hemos leído no dice con qué exactitud"
    if results == 1:
        return f"El resultado se inclina {'a favor' if favouring else 'en contra'} de la terapia, pero {exact}"
    return (
        f"De {_count(results)} resultados, {_count(favouring)} se inclinan a favor de la terapia y {_count(against)} "
        f"en contra, pero {exact}"
    )


def _points(size: float, places: int) -> str:
    told = _decimal(size, places)
    return f"{told} punto" if told == "1" else f"{told} puntos"


SPANISH = Catalogue(
    language=Language.ES,
    count=_count,
    decimal=_decimal,
    agreeing={
        "change": ("cambia", "cambian"),
        "can": ("podría", "podrían"),
        "give": ("da", "dan"),
        "was": ("se comparó", "se compararon"),
        "studied": ("se estudió", "se estudiaron"),
        "did": ("fue", "fueron"),
        "better": ("mejor", "mejores"),
    },
    naming=_naming,
    quoted=_quoted,
    joined=_joined,
    effects={
        (OutcomeDomain.PAIN, False): _effect(_REDUCE, _INCREASE, "el dolor"),
        (OutcomeDomain.PAIN, True): _more_people(
            "logran un claro alivio del dolor", "logren un claro alivio del dolor"
        ),
        (OutcomeDomain.PHYSICAL_FUNCTION, False): _improve("la función diaria"),
        (OutcomeDomain.PHYSICAL_FUNCTION, True): _more_people(
            "funcionan claramente mejor", "funcionen claramente mejor"
        ),
        (OutcomeDomain.EMOTIONAL_FUNCTION, False): _improve("el estado de ánimo"),
        (OutcomeDomain.EMOTIONAL_FUNCTION, True): _more_people("recuperan el ánimo", "recuperen el ánimo"),
        (OutcomeDomain.GLOBAL_IMPROVEMENT, False): _improve("cómo valoran las personas su progreso"),
        (OutcomeDomain.GLOBAL_IMPROVEMENT, True): _more_people("mejoran en general", "mejoren en general"),
        (OutcomeDomain.ROLE_FUNCTION, False): _improve("el trabajo y la vida social"),
        (OutcomeDomain.ROLE_FUNCTION, True): _more_people("vuelven a trabajar", "vuelvan a trabajar"),
        (OutcomeDomain.INTERPERSONAL_FUNCTION, False): _improve("la vida con los demás"),
        (OutcomeDomain.INTERPERSONAL_FUNCTION, True): _more_people(
            "se llevan bien con los demás", "se lleven bien con los demás"
        ),
        (OutcomeDomain.SLEEP, False): _improve("el sueño"),
        (OutcomeDomain.SLEEP, True): _more_people("duermen bien", "duerman bien"),
        (OutcomeDomain.OPIOID_USE, False): _effect(
            _REDUCE, _INCREASE, "el uso de opioides u otros medicamentos para el dolor"
        ),
        (OutcomeDomain.OPIOID_USE, True): _more_people(
            "necesitan menos opioides u otros medicamentos para el dolor",
            "necesiten menos opioides u otros medicamentos para el dolor",
        ),
        (OutcomeDomain.QUALITY_OF_LIFE, False): _improve("la calidad de vida"),
        (OutcomeDomain.QUALITY_OF_LIFE, True): _more_people(
            "tienen mejor calidad de vida", "tengan mejor calidad de vida"
        ),
        (OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, False): _effect(_REDUCE, _INCREASE, "los efectos no deseados"),
        (OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS, True): Effect(
            Verb(*_LEAD, "a que menos personas tengan efectos no deseados"),
            Verb(*_LEAD, "a que más personas tengan efectos no deseados"),
            "cuántas personas tienen efectos no deseados",
        ),
        (OutcomeDomain.DISPOSITION, False): _improve("la constancia de las personas con su tratamiento"),
        (OutcomeDomain.DISPOSITION, True): _more_people("siguen con su tratamiento", "sigan con su tratamiento"),
        (OutcomeDomain.OTHER, False): _overall(),
        (OutcomeDomain.OTHER, True): _overall(),
    },
    more_is_better=lambda name: _effect(_INCREASE, _REDUCE, name),
    less_is_better=lambda name: _effect(_REDUCE, _INCREASE, name),
    unknown_effect=_improve,
    outcome_name=_outcome_name,
    still_in_pain=Effect(
        Verb("dejar", "deja", "dejan", "a menos personas con un dolor claro"),
        Verb("dejar", "deja", "dejan", "a más personas con un dolor claro"),
        "cuántas personas tienen un dolor claro",
    ),
    reach_still_in_pain="siguen con un dolor claro",
    reach={
        OutcomeDomain.PAIN: "logran un claro alivio del dolor",
        OutcomeDomain.PHYSICAL_FUNCTION: "funcionan claramente mejor",
        OutcomeDomain.EMOTIONAL_FUNCTION: "recuperan el ánimo",
        OutcomeDomain.GLOBAL_IMPROVEMENT: "mejoran en general",
        OutcomeDomain.ROLE_FUNCTION: "vuelven a trabajar",
        OutcomeDomain.SLEEP: "duermen bien",
        OutcomeDomain.OPIOID_USE: "necesitan menos opioides u otros medicamentos para el dolor",
        OutcomeDomain.QUALITY_OF_LIFE: "tienen mejor calidad de vida",
        OutcomeDomain.SYMPTOMS_AND_ADVERSE_EVENTS: "tienen efectos no deseados",
    },
    better_or_worse={
        Certainty.HIGH: "{Therapy} {third} {object}",
        Certainty.MODERATE: "{Therapy} probablemente {third} {object}",
        Certainty.LOW: "{Therapy} {can} {plain} {object}",
        Certainty.VERY_LOW: "Es muy incierto si {therapy} {third} {object}",
    },
    no_difference={
        Certainty.HIGH: "{Therapy} {change} poco o nada {noun}",
        Certainty.MODERATE: "{Therapy} probablemente {change} poco o nada {noun}",
        Certainty.LOW: "{Therapy} {can} cambiar poco o nada {noun}",
        Certainty.VERY_LOW: "Es muy incierto si {therapy} {change} {noun}",
    },
    no_difference_between={
        Certainty.HIGH: "{Therapy} y {comparators} se diferencian poco o nada en {noun}",
        Certainty.MODERATE: "{Therapy} y {comparators} probablemente se diferencian poco o nada en {noun}",
        Certainty.LOW: "{Therapy} y {comparators} podrían diferenciarse poco o nada en {noun}",
        Certainty.VERY_LOW: "Es muy incierto si {therapy} y {comparators} se diferencian en {noun}",
    },
    worse_than_active={
        Certainty.HIGH: "{Therapy} {give} {worse} que {comparators} en cuanto a {noun}",
        Certainty.MODERATE: "{Therapy} probablemente {give} {worse} que {comparators} en cuanto a {noun}",
        Certainty.LOW: "{Therapy} {can} dar {worse} que {comparators} en cuanto a {noun}",
        Certainty.VERY_LOW: "Es muy incierto si {therapy} {give} {worse} que {comparators} en cuanto a {noun}",
    },
    slightly="ligeramente {object}",
    worse="peor resultado",
    slightly_worse="un resultado algo peor",
    windows={
        TimeWindow.UP_TO_2_WEEKS: "en las primeras dos semanas",
        TimeWindow.TO_3_MONTHS: "en los primeros tres meses",
        TimeWindow.TO_12_MONTHS: "entre tres y doce meses después",
        TimeWindow.LONGER: "más de un año después",
        TimeWindow.UNKNOWN: "",
    },
    within_a_day="en el primer día",
    comparators={
        ComparatorClass.SHAM: "un tratamiento simulado",
        ComparatorClass.PLACEBO: "un placebo",
        ComparatorClass.USUAL_CARE: "la atención habitual",
        ComparatorClass.WAITLIST: "una lista de espera",
        ComparatorClass.NO_TREATMENT: "la ausencia de tratamiento",
    },
    it="esta terapia",
    they="estas terapias",
    people_with=_people_with,
    bare_people="personas",
    in_people="en {people}",
    among_people="entre las {people}",
    compared_with="en comparación con {comparators}",
    alone="solo {name}",
    without_it="el mismo tratamiento sin esta terapia",
    other_treatments="otros tratamientos",
    undescribed="controles mixtos o no descritos",
    mixed="Los estudios de {therapy} {condition} apuntan en sentidos distintos en cuanto a {noun}, {compared}",
    mixed_one="Los resultados de {therapy} {condition} no coinciden en cuanto a {noun}, {compared}",
    mixed_some="Algunos estudios de {therapy} {condition} mostraron un beneficio en cuanto a {noun} y otros no, "
    "{compared}",
    unclear="No está claro si {therapy} {change} {noun}, {compared}",
    no_direction="Lo que hemos leído no dice en qué sentido apuntan los resultados",
    contradicting=_contradicting,
    leaning=_leaning,
    leaning_pooled=_leaning_pooled,
    rests_on="Esto se basa en {basis}",
    measured="{rests_on}, con medidas tomadas {window}",
    within="{Therapy} {condition} {was} con otra forma o dosis del mismo tratamiento ({basis})",
    within_limit="Esto no puede decir si hay un beneficio frente a no recibir tratamiento",
    within_group="Distintas formas de {bare} {condition} se compararon entre sí ({basis})",
    within_group_limit="Esto no puede decir si hay un beneficio frente a no recibir tratamiento",
    on_scale="En una escala de {low} a {high}, la puntuación media fue {points} (probablemente entre {least} y {most})",
    points_better=lambda size, places: f"{_points(size, places)} mejor",
    points_worse=lambda size, places: f"{_points(size, places)} peor",
    of_100="De 100 personas, unas {with} {reach} con {therapy}, y unas {without} con {comparators}",
    pooled_some="Las cifras de {k} de los {count} estudios pudieron reunirse",
    silent=_silent,
    one_group="{Therapy} {condition} {studied} sin grupo de comparación ({basis})",
    one_group_limit="Estudios así no pueden decir si un cambio se debe al tratamiento",
    predicts="Aquí {therapy} {studied} como forma de predecir lo que les pasará a las {people} "
    "({basis}). Esto no dice si usarla les ayuda",
    predicts_auc="Su área bajo la curva fue {auc} (0,5 es el azar, 1 es perfecto)",
    retracted=_retracted,
    beside="{Compared}, {statement} ({basis})",
    beside_mixed="{Compared}, los estudios apuntan en sentidos distintos ({basis})",
    beside_mixed_one="{Compared}, los resultados no coinciden ({basis})",
    beside_mixed_some="{Compared}, algunos estudios mostraron un beneficio y otros no ({basis})",
    at_other_time="{When}, {statement} ({basis})",
    other_way_at_other_time="{When}, los resultados apuntaron en sentido contrario ({basis})",
    unknown_time="en estudios cuyo momento de medición no consta",
    better_than_usual_only="En estos estudios {it} {did} {better} que {usual}, pero no {better} que {sham}",
    better_than_sham_only="En estos estudios {it} {did} {better} que {sham}, pero no {better} que {usual}",
    no_sham="Ninguno de los estudios que tenemos usó un tratamiento simulado o un placebo",
    from_narrower_conditions="Los estudios solo trataron problemas más concretos: {names}",
    from_narrower_therapies="Los estudios solo probaron formas más concretas: {names}",
    children=_children,
    also_about=_also_about,
    also_of="El mismo resultado trata también de {names}",
    some_retracted=_some_retracted,
    one_study="un estudio",
    studies="{count} estudios",
    pooled="{count} estudios tomados en conjunto",
    review="una revisión de {count} estudios",
    review_unknown="una revisión",
    indirect="Ningún estudio de la revisión comparó las dos opciones entre sí",
    reviews="{count} revisiones",
    people="{studies} con {count} personas",
    people_at_most="{studies} con un máximo de {count} personas",
    people_unknown="{studies}, sin que conste el número de personas",
    basis_when="{basis}, {when}",
    people_unknown_in=_people_unknown_in,
    harms_none_read=_harms_none_read,
    harms_read=_harms_read,
    harms_more=_harms_more,
    no_figures="sin cifras leídas",
    of="{events} de {n}",
    more=lambda count: f"{_count(count)} más",
    conjunction_or="o",
    conjunction_and="y",
)
