"""The words of the demo: a small maker of measuring and upkeep gear for plants. All of it invented here."""


def _split(words: str) -> list[str]:
    return words.split()


# name, hue, role, team (by number) that they belong to, or lead
PEOPLE = [
    ("Ines Verhoeven", "sky", "rep", 0),
    ("Ruben Castellane", "clay", "rep", 0),
    ("Tilda Sandgren", "moss", "rep", 0),
    ("Oskar Brandtner", "violet", "rep", 1),
    ("Leonie Achterberg", "pink", "rep", 1),
    ("Pavel Hrubin", "sand", "rep", 1),
    ("Nuria Solbes", "teal", "rep", 2),
    ("Callum Wraith", "indigo", "rep", 2),
    ("Henrike Dahlmann", "blue", "manager", 0),
    ("Mateus Quintela", "slate", "manager", 1),
    ("Agnes Lorimer", "moss", "admin", None),
]
TEAMS = ["Process plants", "Food and packaging", "Transport and energy"]
# Which manager leads which teams, both by number.
LEADS = {0: [0, 2], 1: [1]}

# first word, second word (it says the industry), industry
COMPANY_FIRST = _split(
    "Alderbrook Birkmoor Calder Dunmarsh Ebbesund Farrowgate Galmere Hollin Isenbach Jorvald Kestelberg "
    "Lindquay Marlstone Nethervale Oxholm Pellworth Quernford Ravnsted Silberau Tarnhill Ulmendorf "
    "Varnholt Westerlee Yarrowby Zellhof Ambergrund Brackley Corvane Drossfeld Elmira Fennick Grauwald "
    "Havelstein Innisby Kaltenau Lauterfeld Mossgate Norrhult Oberwald Pinnow Quellmark Rosgarth Seebrook "
    "Thornby Uhlenbeck Vestergren Wickmoor Yelverby Zandvoorde Arnsgard Bellcroft Castelnau Dornbusch "
    "Eskmere Fjellby Granholt Heatherley Ilvesma Jansfeld Kronborn Lomvik Mirefield Norvane Olmstead "
    "Petershagen Rauhtal Skelgate Tolvanen Ullsby Veldkamp Windrath Ystmark"
)
COMPANY_SECOND = [
    ("Cement", "Building materials"),
    ("Foods", "Food and drink"),
    ("Brewing", "Food and drink"),
    ("Paper", "Paper and packaging"),
    ("Packaging", "Paper and packaging"),
    ("Chemicals", "Chemicals"),
    ("Coatings", "Chemicals"),
    ("Foundry", "Metals"),
    ("Steelworks", "Metals"),
    ("Logistics", "Transport"),
    ("Rail Services", "Transport"),
    ("Energy", "Energy and water"),
    ("Waterworks", "Energy and water"),
    ("Ceramics", "Building materials"),
    ("Plastics", "Plastics and rubber"),
    ("Pharma", "Pharmaceuticals"),
    ("Timber", "Wood and furniture"),
    ("Textiles", "Textiles"),
]
# place, country, currency, dialling code
PLACES = [
    ("Kassel", "Germany", "EUR", "+49 561"),
    ("Regensburg", "Germany", "EUR", "+49 941"),
    ("Oldenburg", "Germany", "EUR", "+49 441"),
    ("Chemnitz", "Germany", "EUR", "+49 371"),
    ("Linz", "Austria", "EUR", "+43 732"),
    ("Graz", "Austria", "EUR", "+43 316"),
    ("Gent", "Belgium", "EUR", "+32 9"),
    ("Eindhoven", "Netherlands", "EUR", "+31 40"),
    ("Zwolle", "Netherlands", "EUR", "+31 38"),
    ("Nantes", "France", "EUR", "+33 2"),
    ("Grenoble", "France", "EUR", "+33 4"),
    ("Bilbao", "Spain", "EUR", "+34 94"),
    ("Brescia", "Italy", "EUR", "+39 030"),
    ("Tampere", "Finland", "EUR", "+358 3"),
    ("Cork", "Ireland", "EUR", "+353 21"),
    ("Leeds", "United Kingdom", "GBP", "+44 113"),
    ("Swansea", "United Kingdom", "GBP", "+44 1792"),
    ("Milwaukee", "United States", "USD", "+1 414"),
]
SIZES = [35, 60, 90, 140, 180, 240, 320, 450, 600, 850, 1200, 1900, 3400]

GIVEN_NAMES = _split(
    "Adele Bastian Carlotta Dieter Edda Florent Greta Hanno Imke Joost Kaia Lorenz Mireille Nils Odile "
    "Piet Rosalie Sven Thekla Ulf Vera Willem Xenia Yannick Zita Anselm Beate Corin Dagny Emil Frida "
    "Gerrit"
)
FAMILY_NAMES = _split(
    "Aldinger Bosveld Cremers Dunkeld Eckhoff Fontanel Grimbergen Hasselt Ivarsen Jessop Kranich Lavoisel "
    "Merten Nordlund Oberlin Pasquet Quist Rademaker Steinle Terhune Uhlmann Vantongeren Westphal Zeller "
    "Amsel Brockway Carding Delorme Erlach Fairbourne Goossen Haldane"
)
# job title, the buying role that goes with it
JOBS = [
    ("Plant manager", "Decider"),
    ("Managing director", "Decider"),
    ("Head of finance", "Budget holder"),
    ("Purchasing manager", "Budget holder"),
    ("Maintenance lead", "User"),
    ("Shift supervisor", "User"),
    ("Automation engineer", "Technical"),
    ("Head of IT", "Technical"),
    ("Quality manager", "Influencer"),
    ("Works council member", "Influencer"),
]

# What is sold: things by industry, and what is done to them.
THINGS = {
    "Building materials": [
        "Rotary kiln",
        "Raw mill",
        "Clinker cooler",
        "Tile press",
        "Silo row",
        "Glazing line",
    ],
    "Food and drink": [
        "Bottling hall",
        "Brewhouse",
        "Oven line",
        "Cold store",
        "Dosing station",
        "Palletiser",
    ],
    "Paper and packaging": ["Paper machine 2", "Rewinder", "Die cutter", "Corrugator", "Pulp line", "Gluer"],
    "Chemicals": ["Reactor block", "Mixing hall", "Tank farm", "Filling line", "Dryer", "Scrubber"],
    "Metals": ["Melt shop", "Rolling mill", "Casting line", "Furnace 3", "Pickling line", "Crane bay"],
    "Transport": ["Depot", "Wheel lathe", "Sorting hub", "Wash plant", "Conveyor loop", "Charging yard"],
    "Energy and water": [
        "Turbine hall",
        "Pump stations",
        "Boiler house",
        "Filter beds",
        "Substation",
        "Heat network",
    ],
    "Plastics and rubber": [
        "Extruder row",
        "Injection cells",
        "Calender",
        "Granulator",
        "Mould shop",
        "Film line",
    ],
    "Pharmaceuticals": [
        "Clean room",
        "Tablet press",
        "Blister line",
        "Freeze dryer",
        "Utilities",
        "Vial line",
    ],
    "Wood and furniture": [
        "Sawmill",
        "Kiln dryers",
        "Edge bander",
        "Press line",
        "Sanding line",
        "Chip boiler",
    ],
    "Textiles": ["Ring spinning", "Weaving shed", "Dye house", "Finishing line", "Air plant", "Carding room"],
}
WORKS = [
    "retrofit",
    "monitoring",
    "care plan",
    "sensor package",
    "uptime study",
    "energy audit",
    "spare parts plan",
    "vibration checks",
    "pilot",
    "control upgrade",
    "service contract",
    "training",
    "safety review",
    "remote support",
]
EXTRAS = [", phase 1", ", phase 2", ", 2 sites", ", 3 lines", ", west plant", ", all shifts", ", region 1"]

TAGS = ["Key account", "Tender", "Pilot first", "Framework contract", "Export", "Second plant", "Needs board"]

# Per stage of the funnel: (touchpoint type, what was done, what is to be done)
TOUCHES = [
    [
        ("Call", "Cold call, spoke to the front desk", "Call back after the shift change"),
        ("Call", "Intro call with the plant office", "Intro call"),
        ("Content sent", "Sent the e-book on unplanned stops", "Send the white paper"),
        ("Social", "Answered a comment on our video", "Write to the buyer on the network"),
        ("E-mail", "Invited to the spring webinar", "Invite to the webinar"),
        ("Event", "Met at the trade fair stand", "Follow up the trade fair visit"),
    ],
    [
        ("Webinar", "Attended the webinar on wear", "Reserve a webinar seat"),
        ("Call", "First real talk about their stops", "Ask for the main concern"),
        ("Demo", "Short product demo, four people", "Product demo"),
        ("Content sent", "Sent the guide and the FAQ", "Send the how-to video"),
        ("E-mail", "Sent notes and two questions", "Send the guide"),
        ("Form", "Asked for a brochure on the website", "Answer the web form"),
    ],
    [
        ("Demo", "Demo with their own data", "Demo with their own data"),
        ("Call", "Reference call with another plant", "Set up a reference call"),
        ("Meeting", "Site walk with maintenance", "Site walk with maintenance"),
        ("Content sent", "Sent case study and ROI sheet", "Send the ROI sheet"),
        ("Call", "Went through their objections on price", "Objection call: price"),
        ("E-mail", "Sent the comparison they asked for", "Send the comparison"),
    ],
    [
        ("Meeting", "Workshop with all departments", "Workshop day"),
        ("Meeting", "Steering meeting, plan agreed", "Steering meeting"),
        ("Content sent", "Sent the contract draft", "Send the contract draft"),
        ("Call", "Went through the terms with purchasing", "Call purchasing about the terms"),
        ("E-mail", "Answered questions on data protection", "Chase the signature"),
        ("Meeting", "Presented the implementation plan", "Present the implementation plan"),
    ],
    [
        ("Call", "Onboarding call with the site team", "Onboarding call"),
        ("Meeting", "Kick-off on site", "Kick-off on site"),
        ("E-mail", "Sent the onboarding guide", "Send the onboarding guide"),
        ("Call", "Asked how the first week went", "Ask how the first week went"),
        ("Meeting", "Offered the second line as well", "Offer the second line"),
    ],
    [
        ("Check-in", "Quarterly check-in, all is well", "Quarterly check-in"),
        ("Check-in", "Went through the usage report", "Usage review"),
        ("E-mail", "Sent the satisfaction survey", "Send the satisfaction survey"),
        ("Call", "Asked for a referral", "Ask for a referral"),
        ("Meeting", "Yearly review with the management", "Yearly review"),
        ("Call", "Talked about spare parts for next year", "Cross-sell: spare parts"),
    ],
]
NOTES = [
    "Friendly, wants it before the summer stop.",
    "The budget is planned in autumn.",
    "Two others have been asked for an offer.",
    "Maintenance is for it, finance asks for figures.",
    "Wants to see it running somewhere first.",
    "Asked about support at night.",
    "Will come back after the management meeting.",
]
CUSTOMER_NOTES = [
    "Content, the night shift uses it most.",
    "Two small wishes for the reports, passed on.",
    "The new plant manager wants an introduction.",
    "Fewer stops than last year, they say.",
    "Will ask the sister plant whether they want a talk.",
]
LOSS_NOTES = {
    "Price": "Our offer was above what they had planned.",
    "Competitor chosen": "They stay with the maker of the machine.",
    "Missing feature": "They need a link to their own control room.",
    "No decision": "The management put it off without a date.",
    "No budget": "Investments are stopped until next year.",
    "Bad timing": "A rebuild of the hall comes first.",
    "No answer": "Five tries, no answer.",
    "Not a fit": "Too small for what we do.",
}
# Per stage: the reasons for which deals are lost there, the likely ones more often.
LOSS_REASONS = [
    ["No answer", "No answer", "No answer", "Not a fit", "Not a fit", "Bad timing", "Duplicate"],
    ["No answer", "No budget", "Bad timing", "Not a fit", "No decision"],
    ["Competitor chosen", "Price", "Missing feature", "No budget", "No decision"],
    ["Price", "Competitor chosen", "No decision", "No decision", "No budget"],
    ["Bad timing", "Price"],
    ["Competitor chosen", "Missing feature", "Price", "No budget"],
]
# The sources, and how often deals come by them.
SOURCES = {
    "Cold call": 22,
    "Website": 20,
    "Webinar": 14,
    "Event": 12,
    "Advertisement": 10,
    "Social media": 8,
    "Referral": 9,
    "Partner": 5,
}
