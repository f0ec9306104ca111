package rest

import (
	"slices"
	"strconv"
	"strings"

	"github.com/kodeks/kodeks/pkg/language"
)

// pageLanguages are the languages of the words of a page, in the order of pageWords. Who asks
// for none of them reads English.
var pageLanguages = [...]language.Tag{language.Bokmal, language.Nynorsk, language.English}

// pageLanguage returns the language for the words of a page that a reader likes best.
func pageLanguage(p language.Preference) language.Tag {
	for _, t := range p.Tags() {
		if slices.Contains(pageLanguages[:], t.Primary()) {
			return t.Primary()
		}
	}
	return language.English
}

// Say returns words of the page in its language.
func (p *shownPage) Say(key string) string {
	words := pageWords[key]
	if i := slices.Index(pageLanguages[:], p.Lang); i >= 0 {
		return words[i]
	}
	return words[len(words)-1]
}

// say returns words of the page with names in the places of {0}, {1} and so on.
func (p *shownPage) say(key string, names ...string) string {
	s := p.Say(key)
	for i, n := range names {
		s = strings.ReplaceAll(s, "{"+strconv.Itoa(i)+"}", n)
	}
	return s
}

// number writes a count as the language of the page does.
func (p *shownPage) number(n int) string {
	mark := "\u00a0"
	if p.Lang == language.English {
		mark = ","
	}
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + mark + s[i:]
	}
	return s
}

// span tells which part of a list is shown.
func (p *shownPage) span(from, to, total int, exact bool) string {
	key := "span"
	if !exact {
		key = "spanAtLeast"
	}
	return p.say(key, p.number(from), p.number(to), p.number(total))
}

// yesNo says a boolean of FHIR.
func (p *shownPage) yesNo(v string) string {
	switch v {
	case "true":
		return p.Say("yes")
	case "false":
		return p.Say("no")
	}
	return v
}

// pageWords are the words of pages: bokmål, nynorsk, English. What FHIR has a code for,
// such as a status, is shown as the code.
var pageWords = map[string][len(pageLanguages)]string{
	"CodeSystem":    {"Kodeverk", "Kodeverk", "Code systems"},
	"ValueSet":      {"Kodesett", "Kodesett", "Value sets"},
	"ConceptMap":    {"Koblinger", "Koplingar", "Maps"},
	"NamingSystem":  {"Navn på kodeverk", "Namn på kodeverk", "Names of code systems"},
	"skip":          {"Til innholdet", "Til innhaldet", "Skip to content"},
	"lists":         {"Lister", "Lister", "Lists"},
	"formats":       {"Andre formater", "Andre format", "Other formats"},
	"pages":         {"Sider", "Sider", "Pages"},
	"previous":      {"Forrige", "Førre", "Previous"},
	"next":          {"Neste", "Neste", "Next"},
	"span":          {"{0}–{1} av {2}", "{0}–{1} av {2}", "{0}–{1} of {2}"},
	"spanAtLeast":   {"{0}–{1} av minst {2}", "{0}–{1} av minst {2}", "{0}–{1} of at least {2}"},
	"more":          {"{0} til vises ikke her.", "{0} til blir ikkje viste her.", "{0} more are not shown here."},
	"moreRows":      {"Det er flere rader enn disse.", "Det er fleire rader enn desse.", "There are more rows than these."},
	"yes":           {"ja", "ja", "yes"},
	"no":            {"nei", "nei", "no"},
	"fault":         {"Dette kunne ikke vises: feilen er hos tjenesten og er skrevet i loggen dens.", "Dette kunne ikkje visast: feilen er hos tenesta og er skriven i loggen hennar.", "This could not be shown: the fault is the server's, and is in its log."},
	"searchIn":      {"Søk etter ord eller kode", "Søk etter ord eller kode", "Search for words or a code"},
	"search":        {"Søk", "Søk", "Search"},
	"hits":          {"Treff på «{0}»", "Treff på «{0}»", "Results for “{0}”"},
	"noHits":        {"Ingen treff.", "Ingen treff.", "Nothing was found."},
	"about":         {"Om ressursen", "Om ressursen", "About"},
	"url":           {"Adresse (URL)", "Adresse (URL)", "URL"},
	"oid":           {"OID", "OID", "OID"},
	"names":         {"Kalles også", "Blir òg kalla", "Also called"},
	"kind":          {"Slag", "Slag", "Kind"},
	"preferred":     {"Foretrukket", "Føretrekt", "Preferred"},
	"version":       {"Versjon", "Versjon", "Version"},
	"name":          {"Navn", "Namn", "Name"},
	"title":         {"Tittel", "Tittel", "Title"},
	"status":        {"Status", "Status", "Status"},
	"experimental":  {"Til utprøving", "Til utprøving", "Experimental"},
	"date":          {"Dato", "Dato", "Date"},
	"publisher":     {"Utgiver", "Utgjevar", "Publisher"},
	"language":      {"Språk", "Språk", "Language"},
	"description":   {"Beskrivelse", "Skildring", "Description"},
	"purpose":       {"Formål", "Føremål", "Purpose"},
	"copyright":     {"Opphavsrett", "Opphavsrett", "Copyright"},
	"content":       {"Innhold", "Innhald", "Content"},
	"supplements":   {"Utvider", "Utvidar", "Supplements"},
	"caseSensitive": {"Store og små bokstaver skilles", "Skil mellom store og små bokstavar", "Case-sensitive"},
	"valueSet":      {"Kodesett med alle kodene", "Kodesett med alle kodane", "Value set of all codes"},
	"versionId":     {"Endring nummer", "Endring nummer", "Change number"},
	"lastUpdated":   {"Sist endret", "Sist endra", "Last updated"},
	"tooLong":       {"Dette er for langt til å vises her. JSON og XML har alt.", "Dette er for langt til å visast her. JSON og XML har alt.", "This is too long to be shown here. JSON and XML have all of it."},
	"changes":       {"Endringer", "Endringar", "Changes"},
	"change":        {"Endring {0}", "Endring {0}", "Change {0}"},
	"asItWas":       {"Slik var ressursen fra {0}.", "Slik var ressursen frå {0}.", "This is how the resource was from {0} on."},
	"asItIs":        {"Slik den er nå", "Slik han er no", "As it is now"},
	"created":       {"opprettet", "oppretta", "created"},
	"written":       {"skrevet", "skriven", "written"},
	"deleted":       {"slettet", "sletta", "deleted"},
	"unreadable":    {"kan ikke leses", "kan ikkje lesast", "cannot be read"},
	"imported":      {"Importert", "Importert", "Imported"},
	"concepts":      {"Antall begreper", "Talet på omgrep", "Concepts"},
	"ofActive":      {"{0}, av dem {1} aktive", "{0}, av dei {1} aktive", "{0}, of which {1} active"},
	"terms":         {"Antall termer", "Talet på termar", "Terms"},
	"hierarchy":     {"Hierarki", "Hierarki", "Hierarchy"},
	"onTop":         {"{0} på øverste nivå", "{0} på øvste nivå", "{0} at the top"},
	"count":         {"Antall", "Tal", "Count"},
	"rows":          {"Antall rader", "Talet på rader", "Rows"},
	"top":           {"Øverste nivå", "Øvste nivå", "Top level"},
	"code":          {"Kode", "Kode", "Code"},
	"display":       {"Term", "Term", "Display"},
	"term":          {"Term som traff", "Term som trefte", "Term found"},
	"definition":    {"Definisjon", "Definisjon", "Definition"},
	"narrower":      {"Underordnede", "Underordna", "Narrower"},
	"narrowerOf":    {"Underordnede begreper", "Underordna omgrep", "Narrower concepts"},
	"noNarrower":    {"Ingen underordnede begreper.", "Ingen underordna omgrep.", "No narrower concepts."},
	"broader":       {"Overordnet", "Overordna", "Broader"},
	"replacedBy":    {"Bruk i stedet", "Bruk i staden", "Use instead"},
	"remark":        {"Merknad", "Merknad", "Remark"},
	"inactive":      {"inaktiv", "inaktiv", "inactive"},
	"abstract":      {"ikke valgbar", "ikkje valbar", "not selectable"},
	"noCode":        {"Kodeverket har ingen kode «{0}».", "Kodeverket har ingen kode «{0}».", "The code system has no code “{0}”."},
	"codesNotHere":  {"Kodene er ikke installert på denne tjenesten.", "Kodane er ikkje installerte på denne tenesta.", "The codes are not installed on this server."},
	"conceptTerms":  {"Termer", "Termar", "Terms"},
	"use":           {"Bruk", "Bruk", "Use"},
	"preferredIn":   {"Foretrukket i", "Føretrekt i", "Preferred in"},
	"acceptableIn":  {"Akseptabel i", "Akseptabel i", "Acceptable in"},
	"property":      {"Egenskap", "Eigenskap", "Property"},
	"properties":    {"Egenskaper", "Eigenskapar", "Properties"},
	"value":         {"Verdi", "Verdi", "Value"},
	"type":          {"Type", "Type", "Type"},
	"filters":       {"Filtre for kodesett", "Filter for kodesett", "Filters for value sets"},
	"operators":     {"Operatorer", "Operatorar", "Operators"},
	"anyProperty":   {"hver egenskap", "kvar eigenskap", "any property"},
	"versions":      {"Installerte versjoner", "Installerte versjonar", "Versions installed"},
	"thisVersion":   {"vises her", "blir vist her", "shown here"},
	"isDefault":     {"svarer når ingen versjon er nevnt", "svarer når ingen versjon er nemnd", "answers when no version is named"},
	"languages":     {"Språk som begrepene har", "Språk som omgrepa har", "Languages of displays"},
	"refset":        {"Referansesett", "Referansesett", "Reference set"},
	"rule":          {"Regel", "Regel", "Rule"},
	"system":        {"Kodeverk", "Kodeverk", "Code system"},
	"what":          {"Hva", "Kva", "What"},
	"include":       {"tar med", "tek med", "include"},
	"exclude":       {"utelater", "utelèt", "exclude"},
	"allCodes":      {"alle kodene", "alle kodane", "all codes"},
	"allCodesOf":    {"Alle kodene i {0}", "Alle kodane i {0}", "All codes of {0}"},
	"importedSet":   {"kodesettet {0}", "kodesettet {0}", "the value set {0}"},
	"moreCodes":     {"og {0} koder til", "og {0} kodar til", "and {0} more codes"},
	"expansion":     {"Kodene i kodesettet", "Kodane i kodesettet", "Codes of the value set"},
	"noExpansion":   {"Kodene kan ikke listes opp:", "Kodane kan ikkje listast opp:", "The codes cannot be listed:"},
	"tooCostly":     {"Kodesettet er for stort til å listes opp her:", "Kodesettet er for stort til å listast opp her:", "The value set is too large to be listed here:"},
	"empty":         {"Kodesettet har ingen koder.", "Kodesettet har ingen kodar.", "The value set has no codes."},
	"unclosed":      {"Flere koder hører med enn de som kan listes opp.", "Fleire kodar høyrer med enn dei som kan listast opp.", "More codes belong than can be listed."},
	"source":        {"Fra", "Frå", "Source"},
	"target":        {"Til", "Til", "Target"},
	"relationship":  {"Forhold", "Forhold", "Relationship"},
	"firstRows":     {"De første radene", "Dei første radene", "First rows"},
	"noTarget":      {"ingen målkode", "ingen målkode", "no target"},
	"sourceCodes":   {"Antall koder det er rader for", "Talet på kodar det er rader for", "Source codes"},
	"total":         {"{0} i alt", "{0} i alt", "{0} in all"},

	"related-to":                     {"beslektet", "skyld", "related to"},
	"equivalent":                     {"tilsvarer", "svarer til", "equivalent"},
	"source-is-narrower-than-target": {"målet er videre", "målet er vidare", "target is broader"},
	"source-is-broader-than-target":  {"målet er snevrere", "målet er snevrare", "target is narrower"},
	"not-related-to":                 {"ikke beslektet", "ikkje skyld", "not related to"},
}
