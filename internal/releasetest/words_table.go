package releasetest

// wordTable has our vocabulary: lists of en|nb|nn|gb|SCTID. An empty nn is spelled
// as nb, an empty gb as en; the SCTID is that of the value which the word stands
// for, where knownTable has one. Lists of nouns are in order of frequency.
const wordTable = `
[organ]
heart|hjerte|hjarte
lung|lunge
skin|hud
liver|lever
kidney|nyre
brain|hjerne
stomach|mage
knee|kne
hip|hofte
shoulder|skulder|skulder
bone|bein
eye|øye|auge
ear|øre|øyre
neck|nakke
hand|hånd|hand
foot|fot
spine|ryggrad|ryggrad
pelvis|bekken
chest|brystkasse
abdomen|buk
bladder|blære
prostate|prostata
uterus|livmor
ovary|eggstokk
testis|testikkel
breast|bryst
nose|nese|nase
throat|svelg
larynx|strupe
tongue|tunge
tooth|tann
jaw|kjeve
lip|leppe
esophagus|spiserør|spiserøyr|oesophagus
trachea|luftrør|luftrøyr
bronchus|bronkie
diaphragm|mellomgulv
spleen|milt
pancreas|bukspyttkjertel
gallbladder|galleblære
thyroid|skjoldbruskkjertel|skjoldbruskkjertel
adrenal gland|binyre
pituitary gland|hypofyse
small intestine|tynntarm
colon|tykktarm
rectum|endetarm
appendix|blindtarm
elbow|albue|olboge
wrist|håndledd|handledd
finger|finger
thumb|tommel
thigh|lår
leg|legg
ankle|ankel
heel|hæl
toe|tå
scalp|hodebunn|hovudbotn
skull|hodeskalle|hovudskalle
face|ansikt|andlet
cheek|kinn
eyelid|øyelokk|augelok
cornea|hornhinne
retina|netthinne
lens|linse
ureter|urinleder|urinleiar
urethra|urinrør|urinrøyr
artery|arterie
aorta|aorta
vein|vene
lymph node|lymfeknute
nerve|nerve
spinal cord|ryggmarg|ryggmerg
muscle|muskel
tendon|sene
joint|ledd
rib|ribbein
clavicle|kragebein
scapula|skulderblad
femur|lårbein
tibia|skinnebein
fibula|leggbein
humerus|overarmsbein
radius|spolebein
ulna|albuebein
placenta|morkake
umbilicus|navle
[part]
wall|vegg
artery|arterie
vein|vene
nerve|nerve
muscle|muskel
membrane|hinne
duct|gang
lobe|lapp
cavity|hule|hole
surface|overflate
capsule|kapsel
cartilage|brusk
ligament|leddbånd|leddband
tendon|sene
gland|kjertel
valve|klaff
septum|skillevegg|skiljevegg
root|rot
apex|spiss
base|grunn
margin|kant
fold|fold
vessel|kar
tissue|vev
lining|slimhinne
sphincter|lukkemuskel
plexus|nervefletning|nervefletting
fossa|grop
tubercle|knute
process|utspring
[position]
upper|øvre
lower|nedre
anterior|fremre|fremre
posterior|bakre
medial|indre
lateral|ytre
deep|dyp|djup
superficial|overfladisk|overflatisk
proximal|proksimal
distal|distal
central|sentral
peripheral|perifer
[side]
left|venstre|||7771000
right|høyre|høgre||24028007
[morph]
inflammation|betennelse|betennelse
infarction|infarkt
tumor|svulst|||tumour
fracture|brudd|brot
ulcer|sår
infection|infeksjon
hemorrhage|blødning|bløding|haemorrhage
cyst|cyste
abscess|abscess
edema|ødem|||oedema
fibrosis|fibrose
stenosis|stenose
atrophy|atrofi
hypertrophy|hypertrofi
necrosis|nekrose
rupture|ruptur
dislocation|forvridning|forvriding
thrombosis|trombose
embolism|emboli
ischemia|iskemi|||ischaemia
calcification|forkalkning|forkalking
degeneration|degenerasjon
dysplasia|dysplasi
hyperplasia|hyperplasi
polyp|polypp
hernia|brokk
fistula|fistel
burn|brannskade
laceration|flenge
contusion|kvestelse|kvesting
perforation|perforasjon
obstruction|tilstopping
prolapse|fremfall|framfall
malformation|misdannelse|misdanning
deformity|deformitet
carcinoma|karsinom
sarcoma|sarkom
adenoma|adenom
lymphoma|lymfom
metastasis|metastase
leukemia|leukemi|||leukaemia
hematoma|hematom|||haematoma
pain|smerte
swelling|hevelse|hovning
itching|kløe
weakness|svakhet|svakheit
paralysis|lammelse|lamming
spasm|krampe
insufficiency|svikt
dysfunction|funksjonsforstyrrelse|funksjonsforstyrring
pigmentation|pigmentering
scar|arr
wart|vorte
nodule|knute
eczema|eksem
gangrene|koldbrann
sclerosis|sklerose
aneurysm|aneurisme
varix|åreknute
stone|stein
[course]
acute|akutt|||424124008
chronic|kronisk|||90734009
recurrent|tilbakevendende|tilbakevendande||255318003
sudden|plutselig|plutseleg||385315009
fulminant|fulminant|||18131002
acute-on-chronic|akutt forverret kronisk|akutt forverra kronisk||255212004
congenital|medfødt|medfødd||255399007
subacute|subakutt
intermittent|periodisk
[severity]
mild|lett
moderate|moderat
severe|alvorlig|alvorleg
multiple|multippel
diffuse|diffus
localized|lokalisert|||localised
secondary|sekundær
primary|primær
suspected|mistenkt
hereditary|arvelig|arveleg
traumatic|traumatisk
spontaneous|spontan
allergic|allergisk
toxic|toksisk
painful|smertefull
infected|infisert
[stage]
stage I|stadium I
stage II|stadium II
stage III|stadium III
stage IV|stadium IV
in childhood|hos barn|hos barn
in pregnancy|i svangerskap
in old age|hos eldre
after surgery|etter operasjon
after injury|etter skade
with complication|med komplikasjon
without complication|uten komplikasjon|utan komplikasjon
with hemorrhage|med blødning|med bløding|with haemorrhage
with fever|med feber
in remission|i remisjon
[method]
removal|fjerning|||129303008
biopsy|biopsi|||129314006
incision|innsnitt|innsnitt||129287005
repair|reparasjon|||257903006
drainage|drenasje|||129289008
imaging|avbildning|avbilding|
computed tomography|CT-undersøkelse|CT-undersøking||312251004
magnetic resonance imaging|MR-undersøkelse|MR-undersøking||312250003
ultrasonography|ultralydundersøkelse|ultralydundersøking||278292003
plain X-ray|røntgenundersøkelse|røntgenundersøking||312254007
fluoroscopy|gjennomlysning|gjennomlysing||312275004
examination|undersøkelse|undersøking||302199004
inspection|inspeksjon|||129433002
measurement|måling|||129266000
aspiration|aspirasjon|||129316008
embolization|embolisering|||129335008|embolisation
implantation|implantasjon|||129336009
lengthening|forlengelse|forlenging||129349004
closure|lukking|||129357001
fixation|fiksering|||129371009
reconstruction|rekonstruksjon|||129377008
destruction|destruksjon|||129382001
grafting|transplantasjon|||129407005
extraction|uttrekking|||129415008
ablation|ablasjon|||257729003
insertion|innsetting|||257867005
dilation|utvidelse|utviding||410817004
scintigraphy|scintigrafi|||312421008
[approach]
endoscopic|endoskopisk
open|åpen|open
percutaneous|perkutan
laparoscopic|laparoskopisk
robot-assisted|robotassistert
emergency|øyeblikkelig|øyeblikkeleg
elective|planlagt
bilateral|tosidig|tosidig
partial|delvis
total|fullstendig
radical|radikal
repeated|gjentatt|gjenteken
[intent]
for screening|for screening|||360156006
under guidance|under veiledning|under rettleiing||429892002
with contrast|med kontrast
without contrast|uten kontrast|utan kontrast
under general anesthesia|i narkose|i narkose|under general anaesthesia
under local anesthesia|i lokalbedøvelse|i lokalbedøving|under local anaesthesia
as follow-up|som kontroll
for palliation|som palliasjon
[form]
oral tablet|tablett
oral capsule|kapsel|||420692007
oral suspension|mikstur|||385024007
solution for injection|injeksjonsvæske
cream|krem
ointment|salve
eye drops|øyedråper|augedropar
nasal spray|nesespray|nasespray
inhalation powder|inhalasjonspulver
suppository|stikkpille
patch|plaster
gel|gel
[strength]
1 milligram|1 mg
2 milligram|2 mg
5 milligram|5 mg
10 milligram|10 mg
20 milligram|20 mg
25 milligram|25 mg
40 milligram|40 mg
50 milligram|50 mg
100 milligram|100 mg
250 milligram|250 mg
500 milligram|500 mg
1000 milligram|1000 mg
[property]
concentration|konsentrasjon
mass|masse
length|lengde
pressure|trykk
volume|volum
rate|frekvens
temperature|temperatur
ratio|forhold
presence|forekomst|førekomst
function|funksjon
sensation|følelse|kjensle
color|farge|||colour
[context]
history of|tidligere|tidlegare||410511007
family history of|familieanamnese med|familieanamnese med
suspected|mistanke om|mistanke om
no evidence of|ingen tegn til|ingen teikn til||410516002
known|kjent|kjend||410515003
risk of|risiko for
[sample]
specimen|prøve
swab|avstrykk
smear|utstryk
fluid|væske
tissue specimen|vevsprøve
washings|skyllevæske
aspirate|aspirat
culture|kultur
[thing]
pump|pumpe
tube|slange
needle|nål
score|skår
scale|skala
service|tjeneste|teneste
record|journal
fall|fall
collision|kollisjon
exposure|eksponering
form|skjema
unit|enhet|eining
home|hjem|heim
ward|avdeling
group|gruppe
worker|arbeider|arbeidar
type|type
grade|grad
device|utstyr
frame|ramme
plate|plate
screw|skrue
catheter|kateter
prosthesis|protese
bandage|bandasje
force|kraft
wave|bølge|bølgje
event|hendelse|hending
relation|relasjon
level|nivå
marker|markør
letter|brev
note|notat
plan|plan
summary|sammendrag|samandrag
[field]
blood|blod
water|vann|vass
fire|ild|eld
metal|metall
plastic|plast
glass|glass
traffic|trafikk
work|arbeids
sport|idretts
school|skole|skule
family|familie
hospital|sykehus|sjukehus
nursing|sykepleie|sjukepleie
emergency|akutt
radiation|stråle
sound|lyd
light|lys
heat|varme
cold|kulde
pressure|trykk
sleep|søvn|søvn
food|mat
animal|dyre
plant|plante
bone|bein
child|barne
adult|voksen|vaksen
outpatient|poliklinikk
surgery|operasjons
medicine|medisin
[quality]
portable|bærbar|berbar
fixed|fast
flexible|bøyelig|bøyeleg
sterile|steril
disposable|engangs
large|stor
small|liten
long|lang
short|kort
standard|standard
modified|modifisert
automatic|automatisk
manual|manuell
internal|intern
external|ekstern
temporary|midlertidig|mellombels
permanent|varig
early|tidlig|tidleg
late|sen|sein
national|nasjonal
[segment]
part 1|del 1
part 2|del 2
part 3|del 3
part 4|del 4
inner layer|indre lag
outer layer|ytre lag
[when]
in last month|siste måned|siste månad
in last year|siste år
at birth|ved fødsel|ved fødsel
before age 18|før 18 år
since admission|siden innleggelse|sidan innlegging
[variant]
basic|enkel
advanced|avansert
combined|kombinert
local|lokal
mobile|mobil
[suffix]
type A|type A
type B|type B
type C|type C
grade 1|grad 1
grade 2|grad 2
grade 3|grad 3
for children|for barn
for adults|for voksne|for vaksne
`
