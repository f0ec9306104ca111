package operation_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// orchard draws value sets over three versions of a code system that has a hierarchy, and
// of which some codes are inactive, abstract, or not in all versions.
type orchard struct {
	*rand.Rand
	sets []string
}

var orchardCodes = []string{"berry", "cloud", "blue", "crow", "bear", "none"}

var orchardVersions = []string{"1.0.0", "1.1.0", "2.0.0"}

// orchardSystems are the versions: berry is above the others and abstract in the last, bear
// is inactive, crow is new in the last, blue is inactive in the last.
func orchardSystems() [][]byte {
	system := func(version, concepts string) []byte {
		return []byte(`{"resourceType":"CodeSystem","url":"` + berries + `","version":"` + version + `","status":"active","content":"complete","caseSensitive":true,
			"property":[{"code":"inactive","uri":"http://hl7.org/fhir/concept-properties#inactive","type":"boolean"},{"code":"notSelectable","uri":"http://hl7.org/fhir/concept-properties#notSelectable","type":"boolean"}],"concept":[` + concepts + `]}`)
	}
	const inactive, abstract = `,"property":[{"code":"inactive","valueBoolean":true}]`, `,"property":[{"code":"notSelectable","valueBoolean":true}]`
	return [][]byte{
		system("1.0.0", `{"code":"berry","concept":[{"code":"cloud"},{"code":"bear"`+inactive+`}]}`),
		system("1.1.0", `{"code":"berry","concept":[{"code":"cloud"},{"code":"blue"},{"code":"bear"`+inactive+`}]}`),
		system("2.0.0", `{"code":"berry"`+abstract+`,"concept":[{"code":"cloud","concept":[{"code":"crow"}]},{"code":"blue"`+inactive+`},{"code":"bear"`+inactive+`}]}`),
	}
}

func one[T any](d *orchard, list ...T) T { return list[d.IntN(len(list))] }

// quoted is a list of strings in JSON.
func quotedList(list []string) string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strconv.Quote(s)
	}
	return "[" + strings.Join(out, ",") + "]"
}

// conceptSet draws an include or exclude that imports some of the value sets given.
func (d *orchard) conceptSet(imports []string) string {
	var members, from []string
	if len(imports) > 0 && d.IntN(2) == 0 {
		for range 1 + d.IntN(3) {
			from = append(from, one(d, imports...))
		}
		members = append(members, `"valueSet":`+quotedList(from))
		if d.IntN(2) == 0 {
			return "{" + members[0] + "}"
		}
	}
	version := one(d, "1.0.0", "1.1.0", "2.0.0", "1.0.0", "2.0.0", "", "1.x", "2.x.x")
	members = append(members, `"system":"`+berries+`"`)
	if version != "" {
		members = append(members, `"version":"`+version+`"`)
	}
	switch d.IntN(4) {
	case 0:
		var list []string
		for range 1 + d.IntN(3) {
			list = append(list, `{"code":"`+one(d, orchardCodes...)+`"}`)
		}
		members = append(members, `"concept":[`+strings.Join(list, ",")+`]`)
	case 1:
		f := one(d, `"concept","op":"is-a","value":"cloud"`, `"concept","op":"descendent-of","value":"berry"`, `"concept","op":"is-not-a","value":"cloud"`,
			`"inactive","op":"=","value":"false"`, `"notSelectable","op":"exists","value":"true"`, `"code","op":"regex","value":"b.*"`, `"code","op":"in","value":"blue, crow"`)
		members = append(members, `"filter":[{"property":`+f+`}]`)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// compose draws the compose of a value set.
func (d *orchard) compose(imports []string, versionsMatch string) string {
	var include, exclude []string
	for range 1 + d.IntN(3) {
		include = append(include, d.conceptSet(imports))
	}
	for range d.IntN(3) {
		exclude = append(exclude, d.conceptSet(imports))
	}
	out := `"include":[` + strings.Join(include, ",") + `]`
	if len(exclude) > 0 {
		out += `,"exclude":[` + strings.Join(exclude, ",") + `]`
	}
	if d.IntN(4) == 0 {
		out += `,"inactive":` + one(d, "true", "false")
	}
	if versionsMatch != "" {
		out += `,"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter","extension":[{"url":"name","valueCode":"versionsMatch"},{"url":"value","valueBoolean":` + versionsMatch + `}]}]`
	}
	return `"compose":{` + out + `}`
}

// stored draws a stored expansion.
func (d *orchard) stored() string {
	var list []string
	for range 1 + d.IntN(4) {
		c := `"system":"` + berries + `","code":"` + one(d, orchardCodes...) + `"`
		if version := one(d, orchardVersions...); d.IntN(3) > 0 {
			c += `,"version":"` + version + `"`
		}
		if last := len(list) - 1; last >= 0 && !strings.HasSuffix(list[last], "]}") && d.IntN(3) == 0 {
			list[last] = strings.TrimSuffix(list[last], "}") + `,"contains":[{` + c + `}]}`
			continue
		}
		list = append(list, "{"+c+"}")
	}
	return `"expansion":{"timestamp":"2026-11-22","contains":[` + strings.Join(list, ",") + `]}`
}

// valueSet draws a value set that imports some of those given.
func (d *orchard) valueSet(url, version string, imports []string, versionsMatch string) string {
	head := `{"resourceType":"ValueSet","url":"` + url + `","version":"` + version + `","status":"active",`
	if d.IntN(6) == 0 {
		head += `"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-supplement","valueCanonical":"http://example.org/jam"}],`
	}
	if versionsMatch == "" && d.IntN(5) == 0 {
		return head + d.stored() + "}"
	}
	var contained []string
	if d.IntN(3) == 0 {
		inner := slices.Clone(imports)
		for _, id := range []string{"#a", "#b"} {
			body := d.compose(inner, one(d, "", "", "false"))
			if d.IntN(4) == 0 {
				body = d.stored()
			}
			contained = append(contained, `{"resourceType":"ValueSet","id":"`+id[1:]+`","status":"active",`+body+"}")
			inner = append(inner, id)
			imports = append(slices.Clone(imports), id, id)
		}
		head += `"contained":[` + strings.Join(contained, ",") + "],"
	}
	return head + d.compose(imports, versionsMatch) + "}"
}

// request draws what a request brings with it, and the value set that it asks about.
func (d *orchard) request() (with operation.With, url, versionsMatch string) {
	const supplement = `{"resourceType":"CodeSystem","url":"http://example.org/jam","version":"1","status":"active","content":"supplement","supplements":"` + berries + `","concept":[{"code":"cloud","designation":[{"language":"nb","value":"molte"}]}]}`
	d.sets = nil
	with.Resources = append(orchardSystems(), []byte(supplement))
	var imports []string
	add := func(url, version, match string) {
		text := d.valueSet(url, version, imports, match)
		d.sets = append(d.sets, text)
		with.Resources = append(with.Resources, []byte(text))
	}
	for i := range 3 {
		url := berrySet(fmt.Sprint(i))
		add(url, "1", one(d, "", "", "true", "false"))
		canonicals := []string{url, url + "|1"}
		if d.IntN(3) == 0 {
			add(url, "2", one(d, "", "", "true", "false"))
			canonicals = append(canonicals, url+"|2")
			if d.IntN(2) == 0 {
				with.Versions.ValueSets = append(with.Versions.ValueSets, url+"|"+one(d, "1", "2"))
			}
		}
		imports = append(imports, canonicals...)
	}
	versionsMatch = one(d, "", "", "true", "false")
	add(berrySet("it"), "1", versionsMatch)
	rule := func() []string { return []string{berries + "|" + one(d, "1.0.0", "1.1.0", "2.0.0", "1.x", "2.x.x")} }
	for _, list := range []*[]string{&with.Versions.Default, &with.Versions.Check, &with.Versions.Force} {
		if d.IntN(4) == 0 {
			*list = rule()
		}
	}
	if d.IntN(4) == 0 {
		with.Supplements = []string{"http://example.org/jam"}
	}
	return with, berrySet("it"), versionsMatch
}

// chosenBy returns what a request brings with the version that a coding of that version
// chooses, where others of those that match would answer else.
func chosenBy(with operation.With, version string) operation.With {
	pattern := map[string]string{"1.0.0": "1.x", "1.1.0": "1.x", "2.0.0": "2.x.x"}[version]
	with.Resources = slices.Clone(with.Resources)
	for i, raw := range with.Resources {
		with.Resources[i] = []byte(strings.ReplaceAll(string(raw), `"version":"`+pattern+`"`, `"version":"`+version+`"`))
	}
	rules := 0
	for _, list := range []*[]string{&with.Versions.Default, &with.Versions.Check, &with.Versions.Force} {
		for _, rule := range *list {
			*list = []string{strings.ReplaceAll(rule, "|"+pattern, "|"+version)}
			rules++
		}
	}
	if rules == 0 {
		with.Versions.Default = []string{berries + "|" + version}
	}
	return with
}

// TestMembershipAgreesEverywhere states the law of TestMembershipAgrees for all that a
// value set, and a request, can say of versions and of how codes stand: wildcards, rules
// together, imports by version, of contained value sets and of stored expansions,
// supplements, versions that are one or apart. The version of a coding chooses the release
// where nothing else does, as a rule for versions would.
func TestMembershipAgreesEverywhere(t *testing.T) {
	draws := 400
	if n, err := strconv.Atoi(os.Getenv("KODEKS_DRAWS")); err == nil {
		draws = n
	}
	seed, err := strconv.Atoi(os.Getenv("KODEKS_SEED"))
	if err != nil {
		seed = 1
	}
	s := operation.New(installed, operation.Options{})
	d := &orchard{Rand: rand.New(rand.NewPCG(uint64(seed), 18))}
	members, refused := 0, 0
	var found []string // that the law does not hold for
	for range draws {
		with, url, match := d.request()
		activeOnly, noAbstract := d.IntN(4) == 0, d.IntN(4) == 0
		expansion := func(with operation.With) []operation.ExpandedCode {
			resp, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url, Count: -1, ActiveOnly: activeOnly})
			if err != nil {
				refused++
				if k := terminology.KindOf(err); k != terminology.Invalid || len(with.Versions.Check) == 0 {
					t.Fatalf("Expand: %v\n%s", err, strings.Join(d.sets, "\n"))
				}
				return nil
			}
			return resp.Codes
		}
		whole := with // with all versions of a code, where they are one
		if match == "true" {
			whole.Resources = slices.Clone(with.Resources)
			last := len(whole.Resources) - 1
			text := string(whole.Resources[last]) // what it says itself stands behind what it contains
			at := strings.LastIndex(text, `"versionsMatch"`)
			whole.Resources[last] = []byte(text[:at] + `"none"` + text[at+len(`"versionsMatch"`):])
		}
		codes := expansion(with)
		members += len(codes)
		if noAbstract { // which no expansion is asked for: a code may be abstract in its newest version only
			codes = expansion(whole)
		}
		for _, version := range append([]string{""}, orchardVersions...) {
			codes := codes
			if version != "" {
				codes = expansion(chosenBy(whole, version))
			}
			if codes == nil && len(with.Versions.Check) > 0 {
				continue
			}
			for _, code := range orchardCodes {
				req := operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: url, Codings: []terminology.Coding{{System: berries, Version: version, Code: code}}, ActiveOnly: activeOnly, NoAbstract: noAbstract}
				resp, err := s.Validate(t.Context(), req)
				if err != nil {
					t.Fatalf("Validate: %v\n%s", err, strings.Join(d.sets, "\n"))
				}
				want := slices.ContainsFunc(codes, func(c operation.ExpandedCode) bool {
					return (version == "" || c.Coding.Version == version) && c.Coding.Code == code && !(noAbstract && c.Abstract)
				})
				if resp.Result != want {
					var has []string
					for _, c := range codes {
						has = append(has, c.Coding.Version+"#"+c.Coding.Code)
					}
					found = append(found, fmt.Sprintf("%s of version %q: %v, but in the expansion: %v; %+v, activeOnly %v, abstract %v, versionsMatch %q\n%s\nexpansion %v\n%+v", code, version, resp.Result, want, with.Versions, activeOnly, !noAbstract, match, strings.Join(d.sets, "\n"), has, resp.Issues))
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b string) int { return len(a) - len(b) })
	for _, text := range found[:min(len(found), 3)] { // which are the shortest
		t.Errorf("one of %d: %s", len(found), text)
	}
	if members < draws || refused > 4*draws {
		t.Errorf("%d draws have %d members, and %d are refused", draws, members, refused)
	}
}
