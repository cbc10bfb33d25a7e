"""Source keys: every row of the pack says where it comes from, starting with a key of ``sources.csv``."""

from __future__ import annotations

import re

from tables import Row

# First match wins. A phrase of the fact tables' free text on the left, the key on the right.
PHRASES: tuple[tuple[str, str], ...] = (
    ("measured along OSM", "osm-g6"),
    ("on OpenStreetMap G6 geometry", "osm-g6"),
    ("China National Highway 109", "wp-g109"),
    ("China National Highway 110", "wp-g110"),
    ("G110 route table", "wp-g110"),
    ("China National Highway 209", "wp-g209"),
    ("National Highway 210", "wp-g210"),
    ("210国道", "wp-g210"),
    ("row s43_airport) (section", "s43"),
    ("row eeds_airport_expwy", "eedsap"),
    ("S311 opened 2025", "s29"),
    ("(nmgnews 2025-08-29)", "s29"),
    ("nmgnews.com.cn 2025-08-29", "s29"),
    ("Hanjiaying-Baoheshao", "hanhu2016"),
    ("chinatruck.org", "hanhu2016"),
    ("China Daily Ordos", "cd-ordos2020"),
    ("Inner Mongolia News 2019", "nmgnews2019"),
    ("Jining-Liangcheng tourism expressway", "jiliang2017"),
    ("web report of 2017-04-07", "jiliang2017"),
    ("xzqh.org", "xzqh"),
    ("Baotou gazetteer page", "btgaz"),
    ("Wikivoyage", "wikivoyage"),
    ("airport is 18 km from Kangbashi", "cn-dragon"),
    ("chinadragontours", "cn-dragon"),
    ("Xilamuren is 90 km", "iamchina"),
    ("china-tour.cn", "china-tour"),
    ("iamchina.com", "iamchina"),
    ("jzxian.com", "drive"),
    ("passplanet", "passplanet"),
    ("holidaytravel", "holidaytravel"),
    ("cielchina", "ciel"),
    ("Lonely Planet", "lp"),
    ("autohome", "autohome"),
    ("China Daily govt site", "cdap"),
    ("flipbrief", "het5"),
    ("baike.com airport page", "het1"),
    ("mapbar", "mapbar"),
    ("gzjll", "gzjll"),
    ("bkwk", "bkwk"),
    ("great-circle x", "gk"),
    ("general knowledge", "gk"),
    ("DataV", "datav"),
    ("public traffic-map page", "trafficmap"),
    ("OurAirports", "ourairports"),
    ("RailVista", "osm-railvista"),
    ("heywhale", "heywhale"),
    ("rail_stations.csv", "heywhale"),
    ("pomerun", "rail12306"),
    ("RailwayVIS", "railwayvis"),
    ("missuo", "t12306-k996"),
    ("CRPassengerMileage", "qetrc"),
    ("wikipedia", "wp"),
    ("Wikipedia", "wp"),
)
URL = re.compile(r"https?://[^\s;|)]+")


def key_for(text: str, sources: list[Row]) -> str:
    """Return the key of the source that a free text names.

    Raises
    ------
    ValueError
        When neither a known phrase nor a known address is found: add the publisher to
        ``inputs/sources_added.csv`` and a phrase here.
    """
    addresses = URL.findall(text)
    for row in sources:
        if row["url"].startswith("http") and any(address in row["url"].split(" ; ") for address in addresses):
            return row["key"]
    for phrase, key in PHRASES:
        if phrase in text:
            return key
    if addresses:
        return "railnews"
    raise ValueError(f"no source key for {text!r}")


def cite(text: str, sources: list[Row]) -> str:
    """Return the text with its source key in front, ``[key] text``; texts that have one are left alone."""
    return text if text.startswith("[") else f"[{key_for(text, sources)}] {text}"
