package norwegian

import "strings"

// longestTail is the longest key of irregularTails, in bytes.
const longestTail = 12

// irregularWords are whole words that the rules of endings and of spelling would
// get wrong, or miss: a stem, a colon and its other forms. A stem alone on its line
// is a word that is left as it is.
const irregularWords = `
personlighet: personlegdom personlegdomen personlegdomar personligheten personligheter
bevegelse: rørsle rørsla rørsler rørslene bevegelsen bevegelser bevegelsene
kobber: kopar koparen kobberet
hodepine: hodepinen hodepiner hodepina hodeverk hodeverken
en: ein ei
et: eit
fra: frå
for
hun: ho
jeg: eg
to: tvo
sju: syv
ikke: ikkje inkje
uten: utan
kun: berre bare
mer: meir
flere: fleire fleirtal
mest
noe: noko
noen: nokon nokre nokon
hvem: kven
hva: kva
hvor: kvar korleis hvordan
hver: hvert kvart
være: vere
ble: vart blei
kommer: kjem
skyldes: skuldast
blitt: vorte vorten blitt
gjør: gjer
inneholder: inneheld
mellom
under
over
etter
eller
ved
begge
alle: all alt
andre: anden
annen: annet annan anna ann
mange
første: fyrste første
tredje: tridje
høyre: høgre
venstre
øvre
ytre
indre
nedre
fremre: framre
bakre
bedre: betre
større
mindre
lengre
eldre
nær
åpen: åpent åpne åpna åpnet open ope opne opent opna opnet
gammel: gammelt gamle gammal gammalt gamal
liten: lite lita vesle lille
små: smått
god: godt gode
vond: vondt vonde
ny: nytt nye
egen: eget eigen eige eiga egne eigne
økt: auka økte auket
økning: auke auking økningen auken
øke: øker aukar
forhøyet: forhøgd forhøyede forhøyete forhøyd
høy: høg høgt høge høyt høye
høyde: høyd høyda høgd høgde høyden høgda
lav: lavt lave låg lågt låge
sen: sein seint seine sent
sene: sener senen senene sena
senere: seinare seinere
nåværende: noverande
tidligere: tidlegare
hode: hodea hovud hovudet hodet hoder hovuda hodene
hoved
hånd: hand handa hånden hånda hender hendene hendene hånds hands
fot: foten føter føtter føttene føtene foter fots
tå: tåa tåen tåen tær tærne tåane tærene
fødd: født fødte fødde
utbrudd: utbrot utbruddet utbrotet utbrudda utbrota
utenfor: utanfor
grønn: grøn grøne grønne grønt
negl: nagl neglen neglene neglar neglane negler
fravær: fråvær fraværet fråværet
kul: kule kuler kulen kulene kular kulane
skole: skole skoler skolen skolene skular skolar skulen skulane
tann: tannen tanna tenner tennene
rot: rota roten røtter røttene røter røtene
mann: mannen menn mennene mannens
bok: boka boken bøker bøkene
mor: mora moren mødre mødrene mødrer mors
far: faren fedre
barn: barnet barna barnets born borna
øye: øyene øyet øyne øynene auge auget augo auga augene øyets
øre: øret ører ørene øyra øyre øyret øyro øyrene
kne: kneet knær knærne knea knærene
tre: treet trær trærne trea
lem: lemmet lemmer lemmene
bein: ben beinet benet beina bena beinene benene
stein: sten steinen stenen steiner stener steinar steinene steinane
hull: hol hullet holet hulla hola
brudd: brot bruddet brotet brudda brota bruddene
hus: huset husa husene
sted: stad stedet staden steder stader stedene stadene
vei: veg veien vegen veier vegar veiene vegane
navn: namn navnet namnet namna navnene
vann: vatn vannet vatnet
hjem: heim hjemmet heimen
hvit: kvit kvitt hvitt hvite kvite
hvile: kvile
kraft: krafta kraften krefter kreftene
kreft: kreften
føling
følelse: følelser følelsen kjensle kjensler kjensla
helse: helsen helsa
lege: legen leger legene legar legane legens
legg: leggen leggene legger leggar leggens
lever: leveren levra leverens
feber: feberen
bekken: bekkenet bekkener bekkenets
gen: genet gener genene
sent
plantar: plantart plantare
plante: planter planten plantene
senter: senteret sentre sentrene sentra senterets
kateter: kateteret katetre katetrene katetera kateterets
melk: melki melka melken mjølk mjølka mjølki
fødsel: fødselen fødsler fødslar fødslene fødsla fødselens fødsels
middel
middels
krabbe
kols
aids
sids
abces: abscess abscessen abscesser
røyker: røykjar røykeren røykarar røykjarar
gravid: gravide
alzheimer: alzheimers
parkinson: parkinsons
crohn: crohns
down: downs
hodgkin: hodgkins
bekhterev: bekhterevs bechterew bechterews
raynaud: raynauds
paget: pagets
dupuytren: dupuytrens
barrett: barretts
meniere: menieres
sjøgren: sjøgrens
wilson: wilsons
cushing: cushings
addison: addisons
huntington: huntingtons
basedow: basedows
tourette: tourettes
turner: turners
perthes
asperger: aspergers
herpes
diabetes
rabies
scabies
skabies
caries
karies
biceps
triceps
uretra
delta
data
para
sammen: saman
samme: same
syk: syke sykt sjuk sjuke sjukt
moden: modent modne
innen
selen
gangren
laser
videre
bærer
date
oppfylling: oppfyllinger oppfyllingen oppfyllingar oppfyllinga
kammer: kammeret kamre kamrene kamra
alder: alderen aldre
intra
ascites
`

// irregularEnds are last parts of compounds, at least three letters into the word:
// what the part becomes, a colon and its forms.
const irregularEnds = `
tann: tenner tennene tannen tanna
rot: røtter røttene røter
kraft: krefter kreftene
øye: øyne øynene auge auga augo
hånd: hender hendene handa
fot: føtter føttene
brudd: brot brotet brota brots bruddet brudda bruddene
bein: beinet beina beinene benet bena benene
følelse: følelser følelsen
hode: hodea hovud hovudet hodet
skjede: skjeden skjeder skjedene
senter: senteret sentre sentrene
kateter: kateteret katetre katetrene
hus: huset husene husa
barn: barnet barna born
melk: mjølk
fødsel: fødselen fødsler fødslar fødslene
fødd: født fødde fødte
lever: leveren levra
feber: feberen
kammer: kammeret kamre kamrene kammera
helse: helsen helsa
`

// irregularForms gives the stem of a whole word, irregularTails that of a last part.
var irregularForms, irregularTails = formsOf(irregularWords), formsOf(irregularEnds)

// formsOf reads lines of a stem, a colon and forms. A stem is its own form.
func formsOf(table string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(table) {
		stem, forms, _ := strings.Cut(strings.TrimSpace(line), ":")
		if stem == "" {
			continue
		}
		out[stem] = stem
		for f := range strings.FieldsSeq(forms) {
			out[f] = stem
		}
	}
	return out
}
