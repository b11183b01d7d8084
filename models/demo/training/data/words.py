"""Word lists of the generator. They are common words of handbooks, so that these become whole tokens and are learned as such."""
import re


def words(text):
    return text.split()


def phrases(text):
    return [phrase.strip() for phrase in text.split(",") if phrase.strip()]


def with_articles(text):
    """Writes "an" for "a" before a vowel."""
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text)


# Verbs as "base" (regular) or "base/third/past participle/gerund".
VERBS = words("""check clean copy/copies/copied move close open start stop/stops/stopped/stopping restart update remove create
delete verify/verifies/verified encrypt compress/compresses rotate approve reject archive
send/sends/sent receive repair replace monitor inspect review sign load store read/reads/read write/writes/written protect
follow carry/carries/carried build/builds/built test export import validate reset/resets/reset/resetting drain
flush/flushes rebuild/rebuilds/rebuilt lock share measure label collect count order
print report record register renew request prepare plan/plans/planned/planning
publish/publishes schedule select/selects sort split/splits/split/splitting synchronise transfer trigger unlock upload download
install configure deploy document disable enable edit enter confirm compare cancel/cancels/cancelled call book attach/attaches
assign/assigns audit back-up/backs-up/backed-up/backing-up block calculate calibrate change charge
choose/chooses/chosen clear complete connect contact control convert cover cut/cuts/cut/cutting define
deliver describe detect/detects drop/drops/dropped/dropping empty/empties/emptied escalate estimate evaluate explain extend
fill filter find/finds/found forward freeze/freezes/frozen generate grant group handle host identify/identifies/identified
increase inform invite keep/keeps/kept launch/launches lead/leads/led limit list log/logs/logged/logging
maintain manage merge migrate modify/modifies/modified mount notify/notifies/notified-offer operate
pack pause pay/pays/paid pick polish/polishes pull push/pushes queue raise reboot recover recycle reduce refill refuse
release reserve restore return revoke roll-back/rolls-back/rolled-back/rolling-back
save scale scan/scans/scanned/scanning search/searches secure serve set-up/sets-up/set-up/setting-up
shut-down/shuts-down/shut-down/shutting-down submit/submits/submitted/submitting support switch/switches tag/tags/tagged/tagging
take/takes/taken train translate turn-off/turns-off/turned-off/turning-off unload untangle use wash/washes water weigh wrap/wraps/wrapped/wrapping""")

NOUNS = words("""account address agenda agent agreement alarm alert answer appointment archive article asset attachment
audit author badge balcony bank banner basket battery bicycle bill board boat book bottle box branch bridge
brochure browser budget buffer building bulletin bus button cabinet cable cache calendar camera campaign candle canteen car card
carpet cart catalogue ceiling cellar certificate chair channel chapter charger chart checklist client clock cloud cluster code
coffee colleague column comment committee company computer condition container contract contractor controller
cookie corridor counter courier course crane crate cupboard curtain customer dashboard database deadline decision default defect
delivery department deposit desk device diagram directory disk dispatcher display doctor document domain donor door drawer
drill driver drone drum editor elevator email employee engine engineer entrance envelope equipment error escalation estimate evaluation
event example exception exit expense experiment export extension factory fan farmer feature fee feedback fence ferry field
file filter finance fire firewall flag floor folder forecast fork form fountain frame fridge front fund furnace garage garden gate
generator glass glove goal graph greenhouse guard guest guide hall hammer handbook handover harbour hardware hearing heater
helmet holiday hook horse hospital hotel house image incident index inspector instance instruction insurance interface
intern interview inventory invoice issue item job journal journey key keyboard kitchen kit lab ladder lamp laptop launch
law lawyer leader leaflet leak ledger lesson letter level library licence lid lift light line link list loan locker lock log logo
lorry lunch machine magazine mail manager manual map market mask master matrix meal measure medal medicine meeting member memo
mentor menu message meter microphone migration mirror mixer model module monitor motor museum network newsletter node note
notebook notice number nurse object offer office officer operator option orchard order organisation oven owner package page painter panel paper parcel
park parser part partner passenger password patch patient pattern payment pencil permission permit phone photo pilot pipe pipeline
plan planner plant platform player plug policy pool port portal poster powder presentation press price printer problem procedure process product profile
program project prompt proposal protocol proxy pump purchase question queue quota quote rack radio ramp record refund region
register release reminder rent replica report repository request reservation reset response restaurant result reviewer rider ring risk
robot role roof room rope router rule runbook safe sailor salary sample sandwich scale scanner schedule scheduler school
screen script section sensor server service session setting shelf shift ship shop shortcut shutter sign signal signature site sketch slide
snapshot socket software sofa source speaker spreadsheet stage stairs stamp standard station statement step stock storage store
story student studio subscription suitcase supplier supply survey switch system table tank task tax teacher team technician
template tenant terminal test theatre thread ticket tile timeline timer token tool topic tower toy track trainer training trail train transaction
transfer translator transport trap tray treasurer trip trolley truck tunnel turbine turnstile umbrella uniform unit update upgrade user valve van vault vehicle
vendor version video village visa visitor volunteer voucher wage wagon wall wallet warehouse warranty washer watchman webhook
website well wheel window wing winner wire witness workbench worker workflow workshop yard zone""")

ADJECTIVES = words("""active annual automatic available backup basic big blank blue bright broken busy central cheap clean
clear closed cold common complete compact correct critical current daily damaged dark deep default digital direct dirty double dry
early east electric emergency empty encrypted expensive expired external extra failed fast final first flat fragile free fresh
full general global good green grey half hard heavy high hot hourly idle important inactive incomplete independent initial internal
large last late legal light local locked long loose loud low main manual metal missing mobile modern monthly narrow national new
nightly noisy normal north official old open optional orange ordinary outdated outer paper passive pending permanent personal
physical plain portable primary printed private professional public purple quarterly quick quiet rapid rare raw recent red
regional regular reliable remote rented reserved round rusty safe second secondary secret sensitive separate serious shared sharp short signed
silent silver similar simple single slow small soft solid south spare special stable standard steel strict strong sudden summer
technical temporary thick thin tiny top total unique unused upper urgent usual valid virtual warm weekly west wet white wide winter
wooden wrong yearly yellow young""")

MODIFIERS = words("""access account alert archive asset audit backup badge batch billing booking build cache camera cargo
catalogue certificate chat checkout client cluster config contract crash customer dashboard data database delivery deploy design device document
domain door download edge email event export feature feedback file finance firewall fraud gateway health help image import
incident index ingest inventory invoice job key label ledger legal licence load log login loyalty mail media memory message
metrics migration mobile monitoring network notification office order packing parts password patch payment payroll phone photo
policy portal price print product profile project proxy push queue quota rate recovery recruiting release report request restore
retry return review risk route sales scan schedule search security sensor session shipping signing snapshot staging stock storage
stream subscription support survey sync task tax telemetry template test text ticket time token tracking training translation travel
upload user vendor video visitor voice warehouse web webhook workflow""")

SERVICE_KINDS = words("""service gateway scheduler worker server database cluster pipeline library plugin app portal agent
dashboard job tool daemon router scanner platform broker cache queue store registry proxy API bot system site engine exporter
collector relay bridge controller balancer host mirror""")
DEVICE_KINDS = words("""pump valve sensor camera printer robot generator fridge oven scanner lift crane drill furnace turbine
compressor heater fan boiler projector drone forklift scale lamp mixer press freezer microscope centrifuge laser""")

PLURALS = phrases("""nightly backups, backups, weekly backups, daily snapshots, snapshots, database dumps, log files, audit logs, access logs,
server logs, crash reports, metrics, traces, call recordings, camera recordings, videos, chat messages, emails, support tickets, invoices, receipts,
travel receipts, expense reports, expense claims, travel costs, travel requests, holiday requests, leave requests, time sheets,
job applications, application letters, employment contracts, contracts, pay slips, medical certificates, personnel files, customer records, customer data,
test results, build artifacts, release notes, release candidates, container images, packages, feature flags, configuration changes,
database migrations, schema changes, security patches, firewall rules, access requests, access tokens, API keys, session tokens,
service accounts, admin accounts, guest accounts, shared mailboxes, mailing lists, meeting notes, incident reports, post-mortems, runbooks,
design documents, project plans, purchase orders, orders, quotes, delivery notes, parcels, returns, complaints, refunds, vouchers, subscriptions, licences,
laptops, phones, monitors, headsets, keyboards, badges, visitor badges, keys, parking permits, company cars, bicycles, first-aid kits, fire extinguishers,
smoke detectors, meeting rooms, desks, chairs, plants, printers, toner cartridges, batteries, spare parts, tools, samples, chemicals,
overtime hours, business trips, train tickets, flights, hotel bookings, rental cars, credit cards, petty cash payments, donations, gifts,
training courses, conference visits, books, performance reviews, salary changes, bonuses, surveys, questionnaires, newsletters, press releases, blog posts,
translations, drawings, photos, contracts with suppliers, suppliers, domains, certificates, DNS records, virtual machines, test accounts, temporary files, uploads, exports, reports, weekly reports, dashboards, alerts, bug reports, pull requests, translations of the manual, old versions, drafts, archived projects, cookies, consent forms, deletion requests, data exports""")

OBJECTS = phrases("""signing key, root password, admin password, master key, primary database, replica, search index, cache, message queue,
load balancer, build server, test environment, staging environment, production cluster, release branch, change log, release checklist, deployment plan,
status page, on-call plan, shift plan, phone list, emergency plan, escalation list, incident channel, incident report, monitoring system, alert rule,
firewall, router, switch, cable plan, server room, network diagram, access list, VPN profile, certificate, user list, guest list,
mailing list, mail server, file share, archive, backup tape, backup disk, recovery plan, restore test, data export, customer list, price list,
order form, contract, invoice, delivery note, budget, travel plan, expense report, travel guideline, holiday calendar, time sheet, salary statement, job advert,
job description, interview plan, onboarding plan, welcome package, training plan, first-aid kit, fire drill, alarm system, door lock, badge reader, visitor book, parking list,
coffee machine, dishwasher, fridge, meeting room, projector, whiteboard, printer, paper tray, toner, spare key, key cabinet, company car, logbook, bicycle,
style guide, handbook, glossary, newsletter, intranet page, website, logo, survey, questionnaire, quarterly report, annual report, security audit, risk register,
privacy notice, cookie banner, consent form, data map, deletion plan, retention plan, test plan, test data, code review, bug list, feature flag, configuration file, schema, database migration,
container image, package registry, licence list, cost overview, cloud account, billing account, support queue, ticket template, feedback form, complaint, refund, warranty claim, sample box, microscope, calibration sheet, maintenance log, oil filter, water tank, pressure valve, safety switch, spare battery, solar panel""")

ROLES = phrases("""the team lead, the office manager, the head of finance, the head of security, the project lead, the department head, the managing director,
the release manager, the data protection officer, the on-call engineer, the service desk, the help desk, the works council, the HR department, human resources,
the finance team, the legal department, the security team, the platform team, the infrastructure team, the reception, the facility team, the product owner,
the line manager, the direct manager, the safety officer, the fire warden, the IT department, the database team, the network team, the support lead, two engineers, a second engineer,
an administrator, the account owner, the shift leader, the duty manager, the purchasing department, the payroll office, the travel desk, the quality team, the architect, the treasurer, the lab manager""")

DUTIES = phrases("""the on-call engineer, the deputy, the incident lead, the incident commander, the release manager, the data protection officer, the safety officer,
the fire warden, the shift leader, the duty manager, the on-call manager, the second on-call engineer, the release captain, the security contact, the network engineer, the database administrator,
the first aider, the office manager, the travel manager, the support lead, the night shift, the works council chair, the training coordinator, the system administrator, the quality manager, the press contact, the tester of the week, the scrum master, the product owner, the accountant""")

EVENTS = phrases("""the daily stand-up, the weekly review, the planning meeting, the retrospective, the handover, the shift handover, the on-call handover, the town hall,
the summer party, the fire drill, the security training, the quarterly review, the annual audit, the all-hands meeting, the board meeting, the release meeting, the incident review, the post-mortem,
the job interview, the welcome day, the first day, the restore test, the maintenance window, the deployment, the migration, the backup run, the load test, the penetration test, the stock count, the staff survey, the performance review,
the project kick-off, the design review, the code freeze, the budget round, the open day, the language course, the team lunch, the demo, the exit interview, the book club, a critical incident, a minor incident, an alert, a release, a business trip, an audit, an outage, a data leak, a customer call, a page""")

PEOPLE = phrases("""employees, all employees, new employees, full-time employees, part-time employees, managers, team leads, engineers, developers, contractors, interns, apprentices, students, visitors,
guests, customers, suppliers, parents, colleagues, remote workers, night workers, members, volunteers, drivers, researchers, administrators, testers, the whole team, everyone, staff, senior staff, field workers""")

BENEFITS = phrases("""paid leave, annual leave, holiday, parental leave, sick leave, unpaid leave, study leave, special leave, training leave, care leave, moving leave, volunteer leave, sabbatical leave,
maternity leave, paternity leave, bereavement leave, compensation leave, home office, flexible time, further training, health insurance, dental insurance, a gym membership, a public transport ticket, a pension plan, child care, language lessons, company housing, a job bicycle, a phone contract, internet at home, glasses""")

ALLOWANCES = phrases("""daily allowance, meal allowance, daily meal allowance, hotel allowance, travel allowance, mileage allowance, training budget, team budget, gift limit, clothing allowance, phone allowance,
home office allowance, moving allowance, relocation allowance, conference budget, equipment budget, book budget, spending limit, credit card limit, lunch subsidy, transport subsidy, child care allowance, referral bonus, night shift bonus, standby allowance, on-call allowance, weekend bonus, internet allowance, taxi limit, hardware budget""")

TRAININGS = phrases("""security training, data protection course, fire safety course, first-aid course, safety briefing, compliance course, privacy training, onboarding course, forklift course, ladder training, phishing test, anti-corruption course, hygiene course, code of conduct training""")

KEYS = phrases("""signing keys, API keys, access keys, encryption keys, SSH keys, root certificates, TLS certificates, service passwords, database passwords, admin passwords, access tokens, deploy tokens, session cookies, shared secrets, master passwords, badge codes, door codes, alarm codes, licence keys, recovery codes""")

PRODUCTS = phrases("""Jira, Confluence, GitLab, GitHub, Slack, Teams, Outlook, Excel, Word, SAP, Zoom, Vault, Grafana, Prometheus, Jenkins, Terraform, Ansible, Docker, Podman, Redis, Kafka, Nagios, OpenVPN, WireGuard, Bitwarden, KeePass, the wiki, the intranet, the HR portal, the travel portal, the booking system, the ticket system, the calendar, a spreadsheet, the self-service portal, the time sheet, the password manager, the reception, the service desk""")
TOOLS = words("Python Java Node Docker Redis Postgres Linux Windows Ubuntu Git Go Rust Maven Gradle Kubernetes Helm Terraform Ansible OpenSSL nginx PHP Ruby Perl MySQL")
LANGUAGES = words("Rust Go Python Java Kotlin C# TypeScript Erlang Scala Ruby PHP Swift Elixir Haskell Perl JavaScript English German French Spanish Finnish Swedish Polish Dutch Italian Portuguese Japanese")
FORMATS = words("JSON CSV XML YAML PDF HTML Markdown Avro Parquet Excel TOML plain-text Protobuf")
CITIES = words("Berlin Paris London Vienna Hamburg Oslo Helsinki Madrid Lisbon Prague Warsaw Dublin Rome Zurich Munich Tallinn Riga Boston Toronto Tokyo Sydney Leeds Lyon Porto Turin Bergen Tampere Graz Utrecht Ghent")
COLORS = words("red green blue yellow orange purple white black gray silver brown pink")
MONTHS = words("January February March April May June July August September October November December")
WEEKDAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
SMALL = words("two three four five six seven eight nine ten twelve one")
ORDINALS = words("first second third fourth fifth sixth seventh tenth 2nd 3rd 4th 5th 15th 20th 25th 28th last")
UNITS = words("second minute hour day week month year quarter")
TIME_UNITS = words("seconds minutes hours days weeks months years milliseconds")
MODES = words("strict lazy eager random silent verbose debug info critical high medium low urgent viewer editor admin compact full rolling canary true false on off yes no none auto always never manual public private")
TRAVEL_CLASSES = phrases("economy class, business class, first class, second class, premium economy, the night train, the cheapest fare, a flexible ticket")
FIRST_NAMES = words("""Marta Jonas Anna Peter Lena Omar Priya Chen Ines Tomas Eva Karl Nora Felix Aisha Hugo Clara David Sofia Milan Ruth Paul Greta Ivan Julia Leo Mina Oscar Petra Ravi
Sara Theo Ulla Victor Wanda Yusuf Zoe Amir Bella Carlos Dana Emil Fatima Georg Hanna Igor Jana Kofi Lucia Marco Nadia Olga Pablo Rosa Stefan Tara Uwe Vera Walter""")
LAST_NAMES = words("""Lind Okafor Novak Silva Meyer Khan Rossi Berg Costa Dahl Evans Fischer Garcia Hansen Ito Jansen Keller Lopez Mori Nagy Olsen Patel Quinn Reyes Sato Torres Ueda Vogel Weber Young Zhang
Adler Brandt Chowdhury Diaz Ekman Ferrari Gruber Horvat Ivanov Jensen Kowalski Larsen Moreau Nielsen Ortiz Peters Romano Schmidt Tanaka Virtanen Wagner""")
PLACE_ROOMS = words("kitchen basement cellar garage lobby reception server-room archive storage-room workshop laboratory hallway canteen library mailroom courtyard attic warehouse yard office control-room changing-room garden entrance loading-bay")
ROOM_KINDS = phrases("meeting room, conference room, room, lab, seminar room, quiet room, training room, project room, board room, workshop, studio, hall")
THINGS = phrases("company account, badge, security key, password, access card, one-time code, phone number, smart card, personal token, work email, client certificate, PIN, fingerprint, VPN connection, signed contract, user name")
PREPOSITIONALS = phrases("""in production, in the staging environment, after the last upgrade, before every release, during the night shift, on weekends, for all new customers, unless an operator objects, at the start of the day,
without a restart, in the main building, since the spring release, when the load is high, for security reasons, once per quarter, under normal conditions, in every region, with the help of the support team, until further notice, on the first floor, for internal use only, near the north gate,
at the end of the month, within two days, before the holiday, after a crash, if nobody answers, by default, in summer, in winter, at night, every morning, on request, by hand, on paper, with care, in advance, at no cost, in the cloud, from home, abroad, in the first week""")
PATH_WORDS = words("""guides handbook docs notes policies services network security hr it ops travel release support howto team office manual runbooks reference finance legal data dev infra platform onboarding
backups on-call incidents deploy testing storage monitoring leave expenses equipment rooms visitors parking passwords vpn api config setup faq glossary overview index readme rules safety training customers billing orders api-keys access
style reviews branching hardware printers phones wifi kitchen events benefits payroll contracts privacy retention audits suppliers inventory lab machines maintenance""")
HEADINGS = phrases("""Overview, Introduction, Purpose, Scope, Basics, Rules, Details, Contacts, Contact, Settings, Configuration, Operation, Installation, Schedule, Limits, Costs, Access, Storage, Retention, Security, Requests, Approval, Deadlines, Responsibilities, Procedure, Before you start, What to do, Good to know,
Questions and answers, Who to ask, In an emergency, Exceptions, First steps, Everyday work, Planning, Background, Equipment, Meetings, Reporting, Troubleshooting, Maintenance, Monitoring, Ownership, Ports and addresses, Commands, Notes, Terms, Summary, History, Checklist""")
ATTRIBUTES = dict(limit="num", size="size", timeout="dur", interval="dur", delay="dur", period="dur", window="time", port="port", count="num",
                  threshold="pct", quota="num", directory="path", folder="path", path="path", file="file", template="file", script="file", owner="who",
                  contact="who", manager="who", approver="who", team="team", version="version", region="region", zone="region", address="host", host="host", endpoint="url", date="date",
                  deadline="date", mode="word", policy="word", strategy="word", format="format", level="word", colour="color", color="color", code="code",
                  identifier="code", number="code", prefix="code", password="code", budget="money", fee="money", price="money", ratio="pct", temperature="temp",
                  frequency="dur", channel="channel", schedule="time", duration="dur", capacity="num", name="name", bucket="word",
                  table="envvar", branch="branch", role="word", priority="word", language="language", location="place", phone="phone", mail="email", deputy="person",
                  lead="person", supplier="product", vendor="product", tool="product", cost="money", weight="weight", retention="dur", status="word", room="room")
# Questions for an attribute that do not name the attribute, or do not name it as a noun.
ATTRIBUTE_QUESTIONS = dict(
    port=["On (which|what) port does {E} (listen|run|answer)?", "(Which|What) port does {E} (use|listen on)?"],
    owner=["Who owns {E}?", "Who is responsible for {E}?"], manager=["Who manages {E}?"], approver=["Who approves {E}?"], lead=["Who leads {E}?"],
    contact=["Whom do I ask about {E}?"], deputy=["Who stands in for {E}?"], supplier=["Who supplies {E}?"], vendor=["Who sells {E}?"],
    team=["(Which|What) team owns {E}?", "(Which|What) team looks after {E}?"], timeout=["After how long does {E} time out?"],
    interval=["How often does {E} run?"], frequency=["How often does {E} run?"], schedule=["(When|At what time) does {E} (start|run)?"],
    duration=["How long does {E} (take|last)?"], period=["How long does {E} last?"], retention=["How long is {E} kept?"],
    price=["How much does {E} cost?"], cost=["How much does {E} cost?"], fee=["How much is {E}?"], weight=["How heavy is {E}?"],
    size=["How (big|large) is {E}?"], capacity=["How many fit into {E}?"], colour=["What colour is {E}?"], color=["What color is {E}?"],
    temperature=["How (hot|cold|warm) is {E}?"], location=["Where is {E}?"], directory=["In (which|what) directory is {E}?"], folder=["In (which|what) folder is {E}?"],
    host=["On (which|what) host does {E} run?"], language=["In (which|what) language is {E}?"], version=["(Which|What) version of {E} is (used|current)?"],
    deadline=["By when is {E} due?", "When is {E} due?"], phone=["How do I call {E}?"], channel=["Where do I reach {E}?"], room=["In (which|what) room is {E}?"])
FILLERS = """This page is for new colleagues.
Please read it before your first shift.
The rules below apply to everybody.
It is updated twice a year.
Most questions are answered here.
If something is missing, tell us.
Not every detail is written down.
This section describes the usual case.
There are a few exceptions.
Ask when you are not sure.
Nobody is perfect, and mistakes happen.
We try to keep things simple.
Keep this in mind when you plan your work.
The list is not complete.
The reasons are historical.
This has worked well so far.
Changes are welcome at any time.
A short summary follows.
Everything else is up to the teams.
Safety comes first.
The old rules no longer apply.
The following table shows the details.
Have a look at the examples.
Details can be found further down.
That is all you need to know.
Do not worry if it takes longer the first time.
It saves a lot of time later.
Good preparation helps everyone.
We learned this the hard way.
The same applies to other teams.
No exceptions are made.
This is important.
Older documents may say something else.
Every team has its own habits.
We value short answers and clear words.
The handbook is a living document.
When in doubt, ask first.
This keeps surprises rare.
It is easy to forget this step.
There is no need to hurry.""".split("\n")

# Sentences that name a thing {E}, an attribute {X} of things {K}, or both, and say nothing about them.
MENTIONS = """Newcomers often ask about {E}.
Everybody knows {E} by now.
There have been many changes to {E}.
Much has been written about {E}.
This page also deals with {E}.
A separate page describes {E}.
A second page about {E} will follow.
Earlier versions of this page said more about {E}.
Some of this does not hold for {E}.
We have learned a lot from {E}.
Not everybody likes {E}.
It took a long time to get used to {E}.
For {E} there is a drawing further down.
Think of {E} when you plan your work.
Thanks to all who helped with {E}.
There was a talk about {E} last winter.
The old rules for {E} no longer apply.
Without {E} this would not be possible.""".split("\n")
ATTRIBUTE_MENTIONS = """Each {K} has its own {X}.
Every {K} is listed here with its {X}.
A {K} without a {X} may not be used.
The {X} differs from {K} to {K}.
The {X} is reviewed by the auditors.
Nobody may change the {X} alone.
Please look at the {X} before you start.
A wrong {X} can be expensive.
Not every {K} has a {X}.
We are often asked about the {X}.
The {X} of another {K} may be different.
If the {X} changes, everybody is told in good time.
The {X} was agreed on with the works council.
The table below shows the {X}.
This section is about the {X}.""".split("\n")
DOUBLE_MENTIONS = """The {X} of {E} was discussed at the last meeting.
We are often asked about the {X} of {E}.
Do not confuse this with the {X} of {E}.
The {X} of {E} has changed several times.
The reasons for the {X} of {E} are historical.
Please do not change the {X} of {E} without asking.
There is no agreement yet on the {X} of {E}.
Another page has the {X} of {E}.""".split("\n")
PREPOSITIONS = words("by at on in for to after every with from of within until before")
COMMANDS = dict(restart=["restart"], start=["start"], stop=["stop", "shut down"], status=["show the status of"], list=["list", "show"], sync=["synchronize", "sync"], check=["check", "verify"],
                rotate=["rotate", "renew"], deploy=["deploy", "release"], apply=["apply"], init=["initialize", "set up"], reset=["reset"], push=["push", "upload"], build=["build"], rollback=["roll back", "undo"],
                restore=["restore", "recover"], promote=["promote"], backup=["back up"], migrate=["migrate"], export=["export"], validate=["validate"], lock=["lock"], unlock=["unlock"], drain=["drain", "empty"])
KINDS = dict(service="service", items="kind", obj="thing", device="machine", room="room", team="team", person="person", duty="role", event="event", setting="setting",
             error="code", benefit="kind", keys="kind", people="group", level="level", flag="sign", allowance="kind")
RELATIVES = ["which everybody knows by now", "which replaced an older one", "which was moved last year", "as the table below shows", "which used to be called something else", "which is described on another page",
             "which we have had for a long time", "which is often forgotten"]
EMBEDDINGS = ["All of this belongs to {E}, which", "Most of it depends on {E}, which", "The rest is a matter for {E}, which", "Newcomers hear a lot about {E}, which", "One of them is {E}, which",
              "Notes and drawings are in the folder of {E}, which", "There is only one {N}, which is called {E} and", "The oldest {N} is called {E} and", "Our newest {N} is {E}, which"]

LEADS = ["As a rule,", "In general,", "At present,", "Since 2019,", "From outside,", "On working days,", "Normally,", "For now,", "Outside office hours,", "Please note:", "By law,", "During the winter,", "As of this year,",
         "In most cases,", "Until further notice,", "For historical reasons,", "Since the last audit,", "On request,"]
TAILS = [", so plan ahead", " if possible", ", as the auditors asked for", ", and nobody may change that", ", which is checked once a year", " without exception", ", whatever the reason", " at no extra cost", ", so please be careful",
         ", which is rarely a problem", " unless agreed otherwise", ", also at weekends", ", even during holidays", " and is not shown anywhere else", ", as agreed with the works council", ", no matter who asks", " on working days", ", starting this year",
         ", because the old rule did not work", ", which saves a lot of time", " in all other cases", ", with a few exceptions", ", a rule that everybody likes", ", and it may be changed on short notice"]
MEASURES = phrases("""height, length, width, weight, depth, speed, wind speed, temperature, pressure, error rate, load, axle load, queue length, disk usage, water level, noise level, visibility, humidity, voltage, file size,
response time, age, distance, delay, price, number of lines, number of open tickets, bandwidth, range, fill level""")
MEASURE_UNITS = words("metres kilometres centimetres inches litres tonnes kilograms volts watts bar lines pages people messages knots degrees euros points stars rows boxes steps")

# Verbs of open prose, in groups of similar meaning, written like VERBS.
VERB_SYNONYMS = [group.strip() for group in """send/sends/sent submit/submits/submitted/submitting hand-in/hands-in/handed-in/handing-in forward
keep/keeps/kept store retain save
check inspect examine verify/verifies/verified
approve authorise sign-off/signs-off/signed-off/signing-off confirm
inform notify/notifies/notified tell/tells/told
contact ask consult call
repair fix/fixes mend
buy/buys/bought purchase order
pay/pays/paid settle
refund reimburse pay-back/pays-back/paid-back/paying-back
start begin/begins/begun/beginning launch/launches
finish/finishes end complete
stop/stops/stopped/stopping halt suspend
delete remove erase destroy/destroys/destroyed
replace exchange swap/swaps/swapped/swapping
choose/chooses/chosen select pick
use employ/employs/employed
need require
show/shows/shown display/displays/displayed present
issue grant hand-out/hands-out/handed-out/handing-out give/gives/given
receive get/gets/got/getting obtain
report announce declare
write/writes/written record note document
clean wash/washes tidy/tidies/tidied
lock secure
open unlock
move transfer relocate
carry/carries/carried bring/brings/brought take/takes/taken
allow/allows/allowed permit/permits/permitted/permitting
forbid/forbids/forbidden/forbidding prohibit ban/bans/banned/banning
cancel/cancels/cancelled call-off/calls-off/called-off/calling-off
change alter modify/modifies/modified
plan/plans/planned/planning schedule arrange
book reserve
attend visit
lead/leads/led run/runs/run/running head manage
measure weigh
mark label tag/tags/tagged/tagging
publish/publishes post
collect pick-up/picks-up/picked-up/picking-up fetch/fetches
return bring-back/brings-back/brought-back/bringing-back give-back/gives-back/given-back/giving-back
train teach/teaches/taught instruct
wear/wears/worn
load
unload empty/empties/emptied
test try/tries/tried
count
print
sign
reject refuse decline turn-down/turns-down/turned-down/turning-down
borrow
lend/lends/lent loan
hire recruit
renew extend prolong
review revise go-through/goes-through/gone-through/going-through
update refresh/refreshes
restart reboot
restore recover
copy/copies/copied duplicate
encrypt
archive file
escalate raise
answer reply-to/replies-to/replied-to/replying-to
share
switch-off/switches-off/switched-off/switching-off turn-off/turns-off/turned-off/turning-off
switch-on/switches-on/switched-on/switching-on turn-on/turns-on/turned-on/turning-on
charge
park
deliver
pack wrap/wraps/wrapped/wrapping
register enrol/enrols/enrolled/enrolling sign-up/signs-up/signed-up/signing-up
claim
monitor watch/watches observe
deploy/deploys/deployed release roll-out/rolls-out/rolled-out/rolling-out
install set-up/sets-up/set-up/setting-up
merge combine
disable deactivate
enable activate
block
follow obey/obeys/obeyed
calibrate adjust
cover
welcome greet
escort accompany/accompanies/accompanied
dispose-of/disposes-of/disposed-of/disposing-of throw-away/throws-away/thrown-away/throwing-away
refuel fill-up/fills-up/filled-up/filling-up
rotate
nominate appoint
discuss/discusses talk-about/talks-about/talked-about/talking-about
sell/sells/sold
translate
estimate
lose/loses/lost misplace
find/finds/found locate
hide/hides/hidden cover-up/covers-up/covered-up/covering-up""".split("\n")]

# Words that may replace one another in a question.
NOUN_SYNONYMS = [group.strip() for group in """car vehicle
fee charge price cost
employees staff workers
employee colleague
holiday vacation leave
email mail
phone telephone
laptop computer
trip journey
form sheet
bin box
boss manager
shop store
customers clients
customer client
invoice bill
receipt invoice
picture photo
error fault problem
error failure
rule policy
parcel package
doctor physician
building house
meeting appointment
course training
money funds
password passphrase
bicycle bike
wage salary
lorry truck
ill sick
quick fast
big large
small little
broken damaged defective
start beginning
contract agreement
licence permit
key keys
team group
guest visitor
guests visitors
supplier vendor
suppliers vendors""".split("\n")]

CONDITIONS = phrases("""late, ill, missing, broken, full, empty, overdue, out of stock, on fire, out of date, in doubt, about to expire, too heavy, too large, too long, not available, not needed any more, lost, stolen, wet, in use,
closed for repairs, ready, wrong, incomplete, over budget, under warranty, on holiday, damaged in transit, delayed, urgent, confidential, worn out, below the limit, above the limit, blocked, offline, locked, required by law""")

MANNERS = phrases("""by hand, by phone, by email, by post, by letter, in writing, in person, in pairs, in two steps, without a permit, without asking, without a fee, on paper, in black ink, carefully, twice, alone, at no cost, in advance,
in the original box, with both hands, under supervision, on request, free of charge, by bank transfer, in cash, by card, in English, in small groups, one at a time, without notice, by lot, in alphabetical order, over the radio, with gloves on""")

# Words of handbooks that may replace one another in a question although they are not synonyms.
RELATED = [group.strip() for group in """retention keep kept retain store stored
length long
height high tall
width wide
weight weigh heavy kilograms
depth deep
speed fast quick
age old
temperature warm cold degrees
distance far
duration long last lasts takes
validity valid expire expires
expiry expires expire
deadline latest due until
due deadline
interval every often
frequency often every
allowed may can permitted
forbidden prohibited
mandatory required must
required must needed necessary
compulsory mandatory required
optional voluntary
maximum limit most highest largest
minimum least lowest smallest
cap limit maximum
salary pay wage
pay paid salary
compensation paid receive
reimbursed paid refunded
reimbursement refund
cost costs price euros
expensive costs price
free cost charge
cheap price
earn receive paid
money euros amount
budget amount euros
allowance amount receive
extension phone number
phone telephone call
contact call ask phone
boss lead manager head
chief head lead
responsible owner owns charge
owner owns responsible
person who whom
staff employees people colleagues
workers employees staff
employees people
newcomer new
joiner new joins
starter new starts
colleague employee
guests visitors
travellers passengers
passenger traveller
clients customers
kids children
child children
vacation leave holiday
holidays leave
sick ill illness
sickness illness ill
accident injury injured
injured hurt
physician doctor
trip travel journey
travel trip travelling
flight fly
flights fly
hotel night room
lodging hotel
food meal meals lunch
lunch meal
breakfast morning
dog animals pets
pets animals
smoke smoking
drink drinks
park parking
parking car
car vehicle cars
automobile car
truck lorry
boat ship ferry
ship vessel ferry
sail sailing departure
leave departure departs
depart leave departure
arrive arrival
arrival arrive
begin start starts
end finish ends
opening open opens
closing close closes
closed close shut
shut close closed
hours time times
time clock hour
date day
nights night
morning before
weekend Saturday Sunday
yearly annual year
annual year yearly
monthly month
weekly week
daily day
quarterly quarter
location where located place
located kept stands
place location
site location
room office
desk place
entrance door enter
enter entrance
exit door leave
gather meet assembly
assemble meet gather
fire alarm
emergency urgent
urgent emergency
rescue emergency
key keys
badge card
card badge
lost lose
broken damaged fails
fails down failure
failure fails fault
outage down fails
crash fails
error fault
problem error fault
defect fault
repair repaired mend
replaced new replace
replacement new replace
computer laptop
device equipment
equipment devices
monitor screen
wireless network
wifi wireless
internet network
password secret
secret password token
credentials password passwords
login password account
log logs
logging logs
backup backups copies copy
copy copies
save saved stored
restore recover recovery
recovery restore
delete removed erase
deletion deleted removed
directory folder path
folder directory path
file document
documents files papers
form paper
records files
database data
server host machine
host server
service system
application service program
program software
deploy deployment release
deployment deployed release
release version
version release
rollback rolled undo
undo revert back
approval approve approved approves
approved approval
review reviewed check
reviewer reviews approval
test tests check
change changes changed
changes modified
merge merged
code changes
language written
written language
written writes author
purpose used
used purpose
goal aim
reason because why
meaning means
means meaning
called name
name called named
named name
count number
number many count
amount number much
quantity number amount
total all number
share percent
percentage percent
rate percent per
proportion percent share
capacity seats people holds
seats people capacity
size large big
large big size
bandwidth speed
threshold limit above
above more over exceeds
exceed above more
below under less
under below less
notify inform told
report tell inform
complaint complain
complain complaint
ticket request
request ask asked
apply request application
apply form
order buy ordered
purchase buy bought
buy purchase order
supplier delivers
deliver delivery delivered
shipping delivery sent
mail post
letter post
send sent
submit hand handed sent
hand give
receive get gets
get receive given
obtain get receive
borrow lend
lend borrow
train course training
course training
training course
lesson course
class course
exam test
certificate certificates certified
teach train
learn training
hire new
interview applicants
applicant applicants candidates
contract agreement
probation trial
resign notice
quit leave notice
notice weeks
retire pension
pension retirement
bonus paid extra
raise increase
overtime hours extra
shift duty turn
duty on-call shift
rota shift duty
swap exchange
exchange swap
replace substitute
substitute deputy
deputy stands
absent absence away
absence leave away
meeting meet
meetings meet
agenda topics
minutes notes
calendar schedule
schedule plan time
plan schedule
clean cleaned cleaning
wash clean
waste rubbish bin
trash rubbish waste
rubbish waste bin
recycle waste
heating warm
cooling cold
light lights
loud noise
noise quiet loud
safety safe
safe secure
security secure
secure locked safe
lock locked
unlock open
protect protected protection
wear worn clothing
clothes wear clothing
gloves wear
helmet wear
boots shoes
shoes boots
colour red green
tool use with
method how by
way how by
steps first then
step first
first begin
procedure steps first
instructions steps
rules may must
policy rule
rule rules policy
law legal
legal law
tax taxes
invoice bill
bill invoice
receipt receipts
payment pay paid
discount cheaper percent
refund money back
visit visitors
customer customers
support help
help support
assist help
question ask
answer reply
reply answer
chat channel
channel chat
website site page
page site
news newsletter
publish published
print printed printer
stored kept
kept stored
storage stored kept
archive stored kept
archived stored""".split("\n")]
