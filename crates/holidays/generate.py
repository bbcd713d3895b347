"""Write holidays.txt and zones.txt, the data of this crate.

    pip install holidays==0.109 tzdata==2025.2
    python generate.py

The package `holidays` (MIT licence) gives the public holidays of countries and their regions; the package `tzdata`
carries the time zone database (public domain), whose zone.tab says which country a zone belongs to. The head of each
written file explains its format. To renew the data, raise the versions here and run the script again.
"""

from collections import defaultdict
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from re import sub
from warnings import simplefilter

import holidays

VERSIONS = {"holidays": "0.109", "tzdata": "2025.2"}
YEARS = range(2024, 2031)
FEWEST_A_YEAR = 3
LANGUAGE = "en_US"
NATIONAL = "="

# Under martial law Ukraine's holidays are working days, so it has none, and that is no gap in the data.
WITHOUT_DAYS_OFF = {"UA"}

COUNTRY_NAMES = {"FR": "France", "IM": "Isle of Man", "SY": "Syria", "TL": "Timor-Leste"}

# Links that the time zone database keeps for old names, but points at a zone of another country.
LINK_COUNTRIES = {
    "Africa/Asmera": "ER",
    "Africa/Timbuktu": "ML",
    "America/Coral_Harbour": "CA",
    "America/Virgin": "VI",
    "Atlantic/Jan_Mayen": "SJ",
    "Iceland": "IS",
    "Pacific/Ponape": "FM",
    "Pacific/Truk": "FM",
    "Pacific/Yap": "FM",
}

# Names that say an offset or a rule and not a place.
PLACELESS = {"CET", "CST6CDT", "EET", "EST", "EST5EDT", "HST", "MET", "MST", "MST7MDT", "PST8PDT", "WET"}
PLACELESS |= {"Antarctica/South_Pole"}

HOLIDAYS_HEAD = """\
# Public holidays by country and region, {first} to {last}. Written by generate.py: do not edit by hand.
# Source: the Python package holidays {holidays}, https://github.com/vacanza/holidays (MIT licence).
#
# [DE 2030] Germany       a country: its ISO 3166-1 code, the last year that the source knows, its name
# @BY Bayern              a region: its ISO 3166-2 suffix, or the source's own word where ISO has none, a tab, its name
# name|where|dates        a holiday
#   where: * everywhere; or the regions, parted by commas; or ! and the regions that lack it. = stands for the country
#          itself, which is what applies when no region is chosen.
#   dates: one month-day, the same in all years; or one field for each year from {first} to {last}, parted by spaces,
#          each a month-day, several parted by commas, or - for none.
"""

ZONES_HEAD = """\
# Time zones by country, for a guess at the country of a zone. Written by generate.py: do not edit by hand.
# Source: zone.tab and the links of the time zone database, Python package tzdata {tzdata} (public domain).
# Each line: ISO 3166-1 code, then the names of its zones.
"""


def calendar(country, region=None):
    """The set of (date, name) of one country or region. Years beyond both ends catch days observed across new year."""
    kind = type(holidays.country_holidays(country))
    language = LANGUAGE if LANGUAGE in kind.supported_languages else None
    years = range(YEARS.start - 1, YEARS.stop + 1)
    days = holidays.country_holidays(country, subdiv=region, years=years, language=language)
    return {(day, plain(name)) for day in days if day.year in YEARS for name in days.get_list(day)}


def plain(name):
    """The name with American dates, such as that of the working day in exchange, in the form that nobody misreads."""
    return sub(r"(\d\d)/(\d\d)/(\d{4})", r"\3-\1-\2", name)


def country_name(country):
    words = next(k.__doc__ for k in type(holidays.country_holidays(country)).__mro__ if k.__doc__)
    first_line = words.strip().splitlines()[0]
    return COUNTRY_NAMES.get(country) or first_line.removesuffix(" holidays.").removesuffix(" (the)")


def region_names(country):
    """Each region's code and the first of its aliases that is a name and no other code; the code when there is none."""
    aliases = holidays.country_holidays(country).get_subdivision_aliases()
    return {code: next((a for a in names if not a.isupper()), code) for code, names in aliases.items()}


def regions_worth_keeping(national, calendars, names):
    """Drop the source's school districts and language communities, which no public holiday tells apart."""
    return {r: days for r, days in calendars.items() if r != names[r] or len(r) <= 3 or days != national}


def where(holding, everyone):
    if holding == everyone:
        return "*"
    lacking = everyone - holding
    if len(lacking) < len(holding):
        return "!" + ",".join(sorted(lacking))
    return ",".join(sorted(holding))


def fields(days):
    """The dates column of one line."""
    years = [",".join(f"{d:%m-%d}" for d in sorted(days) if d.year == year) or "-" for year in YEARS]
    return years[0] if len(set(years)) == 1 else " ".join(years)


def lines(calendars):
    """The holiday lines of one country: dates grouped by name and by who has them, in the order of the year."""
    holders = defaultdict(set)
    for region, days in calendars.items():
        for day_and_name in days:
            holders[day_and_name].add(region)
    grouped = defaultdict(list)
    for (day, name), holding in holders.items():
        grouped[name, where(holding, set(calendars))].append(day)
    ordered = sorted(grouped.items(), key=lambda item: (f"{min(item[1]):%m-%d}", item[0]))
    return [f"{name}|{place}|{fields(days)}" for (name, place), days in ordered]


def section(country, regions):
    """All lines of one country, or none when the source knows too little of it."""
    national = calendar(country)
    counts = {year: sum(day.year == year for day, _ in national) for year in YEARS}
    known = [year for year in YEARS if counts[year] >= FEWEST_A_YEAR]
    if country not in WITHOUT_DAYS_OFF and known != list(range(YEARS.start, YEARS.start + max(len(known), 1))):
        return []
    last = YEARS[-1] if country in WITHOUT_DAYS_OFF else known[-1]
    names = region_names(country)
    kept = regions_worth_keeping(national, {region: calendar(country, region) for region in regions}, names)
    written = [f"[{country} {last}] {country_name(country)}"]
    written += [f"@{region}\t{names[region]}" for region in sorted(kept)]
    return written + lines({NATIONAL: national, **kept})


def zone_lines():
    folder = files("tzdata") / "zoneinfo"
    table = [line.split("\t") for line in (folder / "zone.tab").read_text("utf-8").splitlines() if line[0] != "#"]
    countries = {row[2]: row[0] for row in table}
    links = [line.split()[1:] for line in (folder / "tzdata.zi").read_text("utf-8").splitlines() if line[:2] == "L "]
    for target, name in links:
        if name not in countries and name not in PLACELESS and target in countries:
            countries[name] = LINK_COUNTRIES.get(name, countries[target])
    grouped = defaultdict(list)
    for zone, country in sorted(countries.items()):
        grouped[country].append(zone)
    return [" ".join([country, *zones]) for country, zones in sorted(grouped.items())]


def main():
    for package, wanted in VERSIONS.items():
        if version(package) != wanted:
            raise SystemExit(f"{package} {wanted} is needed, but {version(package)} is installed.")
    simplefilter("ignore")
    here = Path(__file__).parent
    countries = sorted(holidays.list_supported_countries(include_aliases=False).items())
    written = [line for country, regions in countries for line in section(country, regions)]
    head = HOLIDAYS_HEAD.format(first=YEARS[0], last=YEARS[-1], **VERSIONS)
    (here / "holidays.txt").write_text(head + "\n".join(written) + "\n", "utf-8")
    (here / "zones.txt").write_text(ZONES_HEAD.format(**VERSIONS) + "\n".join(zone_lines()) + "\n", "utf-8")


if __name__ == "__main__":
    main()
