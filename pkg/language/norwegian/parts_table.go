package norwegian

import (
	"strings"
	"sync"
)

// baseList are words of body, disease and care that compounds are made of. They
// are parts even in a release that has them in compounds only.
const baseList = `
akse aksel akutt albue alder alkohol allergi ambulanse anemi aneurisme anfall angst ankel anlegg ansikt antall aorta apati apne apparat
arbeid arm arterie artritt artrose arv arve assistert astma atferd atrie atrofi attest avbrudd avdeling avføring avhengig avhengighet bakke
bakterie balanse ball barn barne barsel basalcelle behandling bein bekken belastning belegg benk besvær betennelse betinget bevegelse bihule
bil bilde binde binyre bitt blindtarm blod blodplate blodtrykk blokk blokkade blære blødning bløtdel bløtvev bolig brann brokk bronkitt brudd
bruk brusk bryst brønn bue buk bukspytt bukspyttkjertel bukvegg bunn bygg byll bærende båre båt celle cellegift
cyste cystitt dag debut defekt dekning del deling demens dermatitt diabetes diett doktor dose dren drikke drypp dråpe død døgn egg eggstokk
eksem emboli embolisme emne endetarm enzym epitel fall familie fare farge feber fedme feil felt ferdighet feste fett fibrose finger fisk
fiske fistel fjerning flate flekk flimmer flom flue flått fobi foreldre forgiftning forkalkning form forstyrrelse fosfat
foster fot fotrot fraktur frekvens fremmed frost fukt funksjon funn føde fødsel føflekk føtter galle galleblære gallegang gallevei gane gang
ganglion gass gift gikt gips glass grense grep gress grop gulsott gulv gutt hage hake hale hals halvdel helse hemming hemofili hepatitt
hernie hest hette hinne hjelp hjem hjerne hjerte hjertemuskel hjul hode hodepine hofte hormon horn hornhinne hoste hoved hud hudlege
hukommelse hull hulrom hund hus hygiene hæl hørsel høst høy høyde hånd håndledd håndrot hår hårrot immun indusert infarkt infeksjon
influensa inngrep insekt insuffisiens insulin intensiv iskemi jern jernmangel jord journal kalk kammer kanal kapsel kar karsinom
katarr kateter kateterisering katt kilde kinn kirtel kjede kjeks kjensle kjertel kjeve kjevebein kjønn kjøtt klaff klinikk klump kløe kne
knekk knokkel knusing knusning knute kolikk koma konsentrasjon kontraktur kontroll koppe korn kost krage krampe kran krans kreft krise kropp
kroppsdel krybbe krydder kule kultur kurs kurve kutt kvalme kvele kvinne lapp larve last ledd ledning lege legemiddel legg leie lekkasje
lem leppe lese lesjon lever lidelse ligament ligge lindrende lindring linse liv livmor lokk luft luftrør luftvei lunge lupus lyd lymfe
lymfeknute lymfom lynne lys lyske løp løpe løsning lår mage magesekk mandel mangel mann marg masse mat medikament medisin melanom melding
melk melke mellomgulv mengde meningitt menstruasjon metastase middel middels migrene milt misbruk mitral mor mord morkake mors motor
mottak munn muskel mønster mål måling måned nakke natt navle nedsettelse negl nekrose nerve nese nett netthinne nevritt nikotin nivå
node nyre nyrebekken nød nøtt nøtte operasjon ord organ orm oversikt overskudd overvekt pakke panne parese pasient penicillin penis
personlighet pest pille pine plage plast plate plateepitel pleie pleura pneumoni pollen polypp pose press problem produkt program
prolaps propp prosent prosess prostata protein protese prøve psykose puls pulsåre pung punkt pust puste pustestopp reaksjon redsel
reise rekke relatert reseksjon rest revne ribbe ribbein rift rom rot ruptur rus rygg ryggmarg ryggrad rystelse rytme røntgen rør røyk røyke
råte saft sak salt salve samfunn samtale sans sarkom sekk sene seneskjede seng senter sepsis serum sete side sikt skade skaft skall skalle
skift skifte skilt skinne skinnebein skjede skjelett skjerm skjold skjoldbrusk skole skrekk skrift skriv skrue skulder skurv
skylling slag slange slim slimhinne slimpose slitasje slitasjegikt smak smerte smitte snue sopp spalte spasme spedbarn spenning spesialist
spise spiserør spor spott sprekk sprut sprøyte spytt spyttkjertel stamme stang stans stasjon stein stemme stemmebånd stenose stent stift
stikk stillende stilling stoff stoffmisbruk stoffskifte strek streptokokk stress striktur struma strupe strupehode strøm stråle stråling
støtte støv sukker sult svakhet svangerskap svekkelse svekking svelg svelge svette svikt svimmel svulst sying sykdom syke sykehus syn synapse
syndrom syre system sæd søster søvn søyle sår tablett taking tann tannkjøtt tap tapping tarm teknikk temperatur terapi test
testikkel tetanus tett tid tilskot tilskudd tilstand tinning toksin tommel tonsill topp trafikk transplantasjon transplantat
transport traume trening trim trombose trykk trøst tråd tuberkulose tumor tunge tvang tverr tykktarm tynntarm tyre tøy tå tåre ulcus ultralyd
ulykke underskudd undersøkelse urin urinrør urinsyre urinvei utløst utsikt utskifting utskilling utslett vaksinasjon vaksine vann vansker
varme vask vaskulitt vegg vei vekst vekt vektor vene ventrikkel verk verktøy vern vev vindu vinkel vinter virus virvel visdom vise vitamin
voks vold vorte væske yrke yte ødem øre øregang ører ørn øye øyeeple øyelokk øyne ånde åndedrett åpning åre åreknute årsak stopp telling toleranse intoleranse dyrkning resistens bånd lager råd sol vakt erklæring avfall skorpe senkning fortynnende retensjon arr kul tanke snitt
`

// headList are the words that make a compound of what stands before them, even when
// that is not known: kikkertundersøkelse.
const headList = `undersøkelse undersøking behandling sykdom betennelse infeksjon forstyrrelse forstyrring svulst blødning bløding
brudd skade smerte operasjon forgiftning forgifting mangel svikt syndrom prøve måling muskel nerve arterie region lidelse liding protese fistel
allergi avhengighet reaksjon vaksine virus bakterie feber kreft defekt tilstand analyse kirtel kjertel klaff hinne ulykke`

// headEndings are put on the words of headList.
const headEndings = "n r ne en er ene ens et ets a ar ane men mer mene mens"

// notPartList are function words, endings and beginnings, Norwegian, Greek and
// Latin, which a list of words may have as words.
const notPartList = `
alle andre annen eller enten etter flere fordi foran før gjennom hele hos hver hvis ikke ingen inne innen inntil mange mellom med mens mindre
mot ned noen når nær også omkring oppe over per samme sammen selv siden som store søndre under unna uten utenfor ved uker være ble blir bare
både begge denne dette disse den det dets der eget egen hans har hun seg sin sine skal skyldes til vil dels delvis aktig bar ende ene enes
else elser elsen ering eringen ert erte ersk esse ette full fulle het heten heter heit ing inger inge isk iske ist ister itet iteter itt
itten ison ion joner jon lig lige leser lett ling linger lingen messig ning ninger ningen nings ose oser osen rens sel selen sels sen ser ses
sjon sjoner sjonen sjons skap skaper skapet skaps somme spesi stand tikk tisk tiske tisme tiv tive tor tørr ull ulle ur ære ærer anti auto
blasto bi cardio cervico cyto derma dermato di dia dys ecto ekso ekstra elektro emi ektomi endo epi ferro fibro gastro genese genisk glyko
grafi gram hemi hemo hepato hetero histo homo hydro hyper hypo immuno infra inter intra iso itis kardio kemo kolo kontra krypto laparo lipo
litt lysis lyse makro mega meso meta metri mikro mono multi myelo myko nefro nevro neuro norm oligo oma onko orto osis osteo pan para pati
peri plasi plastikk pleg plegi pneumo poly post pre pro pseudo psyko pyo radio ragi rafi re retro rino semi skopi sklero sub super supra tomi
toksi tomo trans tri trofi trombo tropi ultra uria uro urolog vaso xeno andel anis arter arteri asen aser asjon basert beta blitt bris deler
dent drag erede esti fase ferd fest forb fort frie gene gener genet hand inns isen lasjon late laten lene lende økende lens liga list melle mere
mine nale nerv noid nose oide oder omat opat oral orer oris orme osti parti pera port prov rele rene rial rine ring rose ross serte skje slet
sper spes stan ster stik stra sull tale tele tera tere tern ters tese tilt tinn tore trak tral tree tren tris trol tron tura uler unge vede
venn vent vert vide vira vitt vokt voll
`

// notCompoundList are words that look like compounds of known words and are none,
// or whose parts say nothing of what they mean.
const notCompoundList = `
legemiddel svangerskap sykdom barndom ungdom manndom eiendom fullstendig hovedsakelig forskjell forandring fortykkelse forkalkning forhold
parasitt parameter antistoff antigen antibiotika operasjon operatør person personlighet personlig reaksjon medisin materiell materiale massasje portal
kapsel kartlegging kanal karantene kateter kostnad barbiturat balsam balanse kolikk kollaps kondom kontakt kontroll kontrast kortikal patent patologi
marsvin mandel masseter ledelse ledende leverandør levering leveranse tapping testament testikkel testikler tilstand tilfelle tilstede tunnel
organisme organisk organisasjon stamming stabilitet sinus skrubbsår virksomhet virkning virkelig årsak ansvar allergi anfall ansikt anlegg
ordning ordinær ordinasjon mineral minister minoritet seksjon sekresjon sekundær sentral sentralt spesiell spesifikk spasme spastisk standard
plantar plagsom plasma plasmodium plastikk platina plasenta kroppslig barnslig kvinnelig mannlig hjertelig menneskelig hudorm blodig benign
masker maskin maskulin vanlig vannlating bakterie bakteriell lidelse ledsaget beinling nyrer fotball skriftlig mellomrom veiledning livmor verktøy
`

// formingList are Greek and Latin beginnings that leave what follows what it is: a
// polynevropati is a nevropati. Those that turn it round or move it (hyper, anti, endo,
// peri) are not among them.
const formingList = `multi poly mikro makro mono nevro neuro kardio gastro osteo nefro hepato cysto pyelo kerato blefaro rino faryngo laryngo
trakeo bronko pleuro dermato spondylo entero glomerulo meningo encefalo myelo salpingo vulvo tenosyno pankreato kolangio tromboso angio retino
pan oligo`

// particleList are particles and the words that they stand before: underarm. A
// particle is no word to find a compound by.
const particleList = `
over: arm kropp kjeve legg lår hud leppe ekstremitet munn kjevebein
under: arm kropp kjeve legg lår liv hud leppe ekstremitet munn tunge kjevebein
mellom: øre fot hånd kjøtt hjerne ribbein
ytter: øre
inner: øre
for: kammer hud
tykk: tarm
tynn: tarm
ende: tarm
`

// partTable is the lists above, in the common spelling.
type partTable struct {
	words, stems     map[string]bool // of baseList
	heads            map[string]bool // of headList, in all forms
	notParts         map[string]bool
	forming          map[string]bool // of formingList
	simple           map[string]bool // stems of notCompoundList
	particles        map[string]bool
	particleCompound map[string]int // and where the word begins that it is found by
}

// parts is made when the first Splitter is.
var parts = sync.OnceValue(func() *partTable {
	t := &partTable{
		words:            wordSet(baseList, Spell),
		stems:            wordSet(baseList, Stem),
		heads:            map[string]bool{},
		notParts:         wordSet(notPartList, Spell),
		forming:          wordSet(formingList, Spell),
		simple:           wordSet(notCompoundList, Stem),
		particles:        map[string]bool{},
		particleCompound: map[string]int{},
	}
	for head := range wordSet(headList, Spell) {
		t.heads[head] = true
		for ending := range strings.FieldsSeq(headEndings) {
			t.heads[head+ending] = true
			t.heads[strings.TrimSuffix(head, "e")+ending] = true
		}
	}
	for line := range strings.Lines(strings.TrimSpace(particleList)) {
		particle, words, _ := strings.Cut(line, ":")
		t.particles[particle] = true
		for w := range strings.FieldsSeq(words) {
			t.particleCompound[particle+w] = len(particle)
		}
	}
	return t
})

func wordSet(list string, form func(string) string) map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(list) {
		out[form(w)] = true
	}
	return out
}

// isSimple reports whether word, in any form, is known to be no compound.
func (t *partTable) isSimple(word string) bool {
	var buf [MaxToken + room]byte
	return t.simple[string(AppendStem(buf[:0], word))]
}

// isBase reports whether word is a form of one of our words.
func (t *partTable) isBase(word string) bool {
	var buf [MaxToken + room]byte
	return t.stems[string(AppendStem(buf[:0], word))]
}
