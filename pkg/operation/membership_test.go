package operation_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const berries = "http://example.org/berries"

// berriesIn is a version of a code system of berries, of which the last is retired.
func berriesIn(version string, codes ...string) []byte {
	var concepts []string
	for _, c := range codes {
		retired := ""
		if name, ok := strings.CutSuffix(c, "!"); ok {
			c, retired = name, `,"property":[{"code":"inactive","valueBoolean":true}]`
		}
		concepts = append(concepts, `{"code":"`+c+`","display":"`+c+` `+version+`"`+retired+`}`)
	}
	return []byte(`{"resourceType":"CodeSystem","url":"` + berries + `","version":"` + version + `","status":"active","content":"complete","caseSensitive":true,
		"property":[{"code":"inactive","uri":"http://hl7.org/fhir/concept-properties#inactive","type":"boolean"}],"concept":[` + strings.Join(concepts, ",") + `]}`)
}

func setOf(name, compose string) []byte {
	return []byte(`{"resourceType":"ValueSet","url":"http://example.org/vs/` + name + `","status":"active","compose":` + compose + `}`)
}

func berrySet(name string) string { return "http://example.org/vs/" + name }

// TestMembership judges codings in value sets that import and exclude, where the answer
// hangs on what an import, or an exclude, has to tell.
func TestMembership(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	system := func(version string) string {
		if version == "" {
			return `"system":"` + berries + `"`
		}
		return `"system":"` + berries + `","version":"` + version + `"`
	}
	vs := func(names ...string) string {
		for i := range names {
			names[i] = `"` + berrySet(names[i]) + `"`
		}
		return `"valueSet":[` + strings.Join(names, ",") + `]`
	}
	resources := [][]byte{
		berriesIn("1", "cloud", "blue", "bear!"), berriesIn("2", "cloud", "blue", "crow", "bear!"),
		setOf("all", `{"include":[{`+system("")+`}]}`),
		setOf("one", `{"include":[{`+system("1")+`}]}`),
		setOf("two", `{"include":[{`+system("2")+`}]}`),
		setOf("nine", `{"include":[{`+system("9")+`}]}`),
		setOf("active", `{"inactive":false,"include":[{`+system("")+`}]}`),
		setOf("no cloud", `{"include":[{`+system("")+`}],"exclude":[{`+system("")+`,"concept":[{"code":"cloud"}]}]}`),
	}
	const none = "None_of_the_provided_codes_are_in_the_value_set_one"
	for _, tt := range []struct {
		name, compose string
		coding        terminology.Coding
		want          bool
		issue         string           // id of the first error
		kind          terminology.Kind // of the error of the call
	}{
		{name: "an exclude of a version that is not known", compose: `{"include":[{` + system("") + `}],"exclude":[{` + system("9") + `,"concept":[{"code":"blue"}]}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNKNOWN_CODESYSTEM_VERSION"},
		{name: "an exclude of a value set of a version that is not known", compose: `{"include":[{` + system("") + `}],"exclude":[{` + vs("nine") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNKNOWN_CODESYSTEM_VERSION"},
		{name: "an exclude of codes that are in a value set that cannot be asked", compose: `{"include":[{` + system("") + `}],"exclude":[{` + system("") + `,` + vs("nine") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNKNOWN_CODESYSTEM_VERSION"},
		{name: "an import whose exclude cannot be asked", compose: `{"include":[{` + vs("broken") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNKNOWN_CODESYSTEM_VERSION"},
		{name: "an exclude that cannot be asked, of a code that is not in anyhow", compose: `{"include":[{` + system("") + `,"concept":[{"code":"blue"}]}],"exclude":[{` + system("9") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "an exclude with a filter that is none", compose: `{"include":[{` + system("") + `}],"exclude":[{` + system("") + `,"filter":[{"property":"concept","op":"near","value":"blue"}]}]}`, coding: terminology.Coding{Code: "cloud"}, kind: terminology.NotSupported},
		{name: "an exclude with a filter without value", compose: `{"include":[{` + system("") + `}],"exclude":[{` + system("") + `,"filter":[{"property":"concept","op":"="}]}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE"},
		{name: "an exclude of another code system that is not known", compose: `{"include":[{` + system("") + `}],"exclude":[{"system":"http://example.org/nothing"}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},

		{name: "a retired code of an import", compose: `{"inactive":false,"include":[{` + vs("all") + `}]}`, coding: terminology.Coding{Code: "bear"}, issue: "STATUS_CODE_WARNING_CODE"},
		{name: "a retired code of an import that wants none", compose: `{"include":[{` + vs("active") + `}]}`, coding: terminology.Coding{Code: "bear"}, issue: "STATUS_CODE_WARNING_CODE"},
		{name: "a retired code where it may be", compose: `{"inactive":true,"include":[{` + vs("all") + `}]}`, coding: terminology.Coding{Code: "bear"}, want: true},
		{name: "an active code of an import", compose: `{"inactive":false,"include":[{` + vs("all") + `}]}`, coding: terminology.Coding{Code: "blue"}, want: true},

		{name: "two imports of two versions", compose: `{"include":[{` + vs("one", "two") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "a version in an import of another one", compose: `{"include":[{` + system("1") + `,` + vs("two") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "a version in an import of it", compose: `{"include":[{` + system("2") + `,` + vs("two") + `}]}`, coding: terminology.Coding{Code: "crow"}, want: true},
		{name: "two versions, of which both imports have one", compose: `{"include":[{` + vs("both", "one") + `}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},
		{name: "an intersection with what cannot be asked", compose: `{"include":[{` + system("") + `,` + vs("nine") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: "UNKNOWN_CODESYSTEM_VERSION"},
		{name: "an exclude of one of two versions", compose: `{"include":[{` + system("1") + `},{` + system("2") + `}],"exclude":[{` + system("2") + `,"concept":[{"code":"cloud"}]}]}`, coding: terminology.Coding{Version: "1", Code: "cloud"}, want: true},
		{name: "an exclude of the other of two versions", compose: `{"include":[{` + system("1") + `},{` + system("2") + `}],"exclude":[{` + system("2") + `,"concept":[{"code":"cloud"}]}]}`, coding: terminology.Coding{Version: "2", Code: "cloud"}, issue: none},
		{name: "an exclude of a version that no include has", compose: `{"include":[{` + system("1") + `}],"exclude":[{` + system("2") + `,"concept":[{"code":"cloud"}]}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "an import whose exclude is of a version that no include has", compose: `{"include":[{` + vs("merged") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "another code of that import", compose: `{"include":[{` + vs("merged") + `}]}`, coding: terminology.Coding{Code: "blue"}, want: true},
		{name: "an import that keeps versions apart, whose exclude is of another version", compose: `{"include":[{` + vs("apart") + `}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},
		{name: "an exclude of what such an import holds", compose: `{"include":[{` + system("1") + `}],"exclude":[{` + vs("merged") + `}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},
		{name: "an exclude of an import of another version, which is no exclude of codes", compose: `{"include":[{` + system("1") + `}],"exclude":[{` + vs("two") + `}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},
		{name: "an exclude of an import", compose: `{"include":[{` + vs("no cloud") + `}]}`, coding: terminology.Coding{Code: "cloud"}, issue: none},
		{name: "an import beside an include that has it", compose: `{"include":[{` + vs("nine") + `},{` + vs("all") + `}]}`, coding: terminology.Coding{Code: "cloud"}, want: true},
		{name: "a value set that includes itself", compose: `{"include":[{` + vs("it") + `}]}`, coding: terminology.Coding{Code: "cloud"}, kind: terminology.Invalid},
	} {
		t.Run(tt.name, func(t *testing.T) {
			more := [][]byte{
				setOf("it", tt.compose),
				setOf("broken", `{"include":[{`+system("")+`}],"exclude":[{`+system("9")+`}]}`),
				setOf("merged", `{"include":[{`+system("1")+`}],"exclude":[{`+system("2")+`,"concept":[{"code":"cloud"}]}]}`),
				setOf("apart", `{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter","extension":[{"url":"name","valueCode":"versionsMatch"},{"url":"value","valueBoolean":false}]}],
					"include":[{`+system("1")+`}],"exclude":[{`+system("2")+`,"concept":[{"code":"cloud"}]}]}`),
				setOf("both", `{"include":[{`+vs("one")+`},{`+vs("two")+`}]}`),
			}
			tt.coding.System = berries
			resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: operation.With{Resources: slices.Concat(resources, more)}, Form: operation.FormCoding,
				ValueSet: berrySet("it"), Codings: []terminology.Coding{tt.coding}})
			if terminology.KindOf(err) != tt.kind {
				t.Fatalf("Validate: %v, want kind %v", err, tt.kind)
			}
			if err != nil {
				return
			}
			if got := firstError(resp); resp.Result != tt.want || got != tt.issue {
				t.Errorf("Validate: %v with issue %q, want %v with %q\n%+v", resp.Result, got, tt.want, tt.issue, resp.Issues)
			}
		})
	}
}

// firstError returns the id of the first error that an answer tells.
func firstError(resp *operation.ValidateResponse) string {
	for _, i := range resp.Issues {
		if i.Severity == operation.SeverityError {
			return i.ID
		}
	}
	return ""
}

// TestMembershipAgrees states that a coding with a version is in a value set exactly when
// the expansion has it, of value sets drawn at random that include, exclude and import
// each other over two versions of a code system.
func TestMembershipAgrees(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	codes := []string{"cloud", "blue", "crow", "bear"}
	draw := rand.New(rand.NewPCG(7, 9))
	for range 300 {
		resources := [][]byte{berriesIn("1", "cloud", "blue", "bear!"), berriesIn("2", "cloud", "blue!", "crow", "bear!")}
		const sets = 4
		for i := range sets {
			resources = append(resources, setOf(fmt.Sprint(i), drawCompose(draw, codes, i)))
		}
		with, url := operation.With{Resources: resources}, berrySet(fmt.Sprint(sets-1))
		expansion, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url, Count: -1})
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range []string{"1", "2"} {
			for _, code := range codes {
				coding := terminology.Coding{System: berries, Version: version, Code: code}
				resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: url, Codings: []terminology.Coding{coding}})
				if err != nil {
					t.Fatal(err)
				}
				want := slices.ContainsFunc(expansion.Codes, func(c operation.ExpandedCode) bool { return c.Coding.Version == version && c.Coding.Code == code })
				if resp.Result != want {
					t.Fatalf("%s of version %s: %v, but in the expansion: %v\n%s\n%+v", code, version, resp.Result, want, slices.Concat(resources[2:]...), resp.Issues)
				}
			}
		}
	}
}

// drawCompose draws a definition that imports value sets with a lower number only.
func drawCompose(draw *rand.Rand, codes []string, below int) string {
	type ref struct {
		Code string `json:"code"`
	}
	type set struct {
		System   string   `json:"system,omitempty"`
		Version  string   `json:"version,omitempty"`
		Concept  []ref    `json:"concept,omitempty"`
		ValueSet []string `json:"valueSet,omitempty"`
	}
	one := func() set {
		var s set
		for range draw.IntN(3) {
			if below > 0 {
				s.ValueSet = append(s.ValueSet, berrySet(fmt.Sprint(draw.IntN(below))))
			}
		}
		if len(s.ValueSet) > 0 && draw.IntN(2) == 0 {
			return s
		}
		s.System, s.Version = berries, fmt.Sprint(1+draw.IntN(2))
		for range draw.IntN(4) {
			s.Concept = append(s.Concept, ref{codes[draw.IntN(len(codes))]})
		}
		return s
	}
	var c struct {
		Inactive *bool `json:"inactive,omitempty"`
		Include  []set `json:"include"`
		Exclude  []set `json:"exclude,omitempty"`
	}
	for range 1 + draw.IntN(2) {
		c.Include = append(c.Include, one())
	}
	for range draw.IntN(2) {
		c.Exclude = append(c.Exclude, one())
	}
	if draw.IntN(3) == 0 {
		c.Inactive = new(bool)
	}
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// TestImportDiamonds asks of value sets that import each other in so many ways that an
// answer that followed each of them would never come.
func TestImportDiamonds(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	resources := [][]byte{berriesIn("1", "cloud", "blue"), setOf("28", `{"include":[{"system":"`+berries+`"}]}`)}
	for i := range 28 {
		next := `"valueSet":["` + berrySet(fmt.Sprint(i+1)) + `"]`
		resources = append(resources, setOf(fmt.Sprint(i), `{"include":[{`+next+`},{"system":"`+berries+`",`+next+`},{`+next+`}]}`))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	req := operation.ValidateRequest{With: operation.With{Resources: resources}, ValueSet: berrySet("0"), Codings: []terminology.Coding{{System: berries, Code: "cloud"}}}
	if resp, err := s.Validate(ctx, req); err != nil || !resp.Result {
		t.Errorf("Validate: %+v, %v", resp, err)
	}
	req.InferSystem, req.Codings = true, []terminology.Coding{{Code: "cloud"}}
	if resp, err := s.Validate(ctx, req); err != nil || !resp.Result || resp.Coding.System != berries {
		t.Errorf("Validate without a code system: %+v, %v", resp, err)
	}
	if resp, err := s.Expand(ctx, operation.ExpandRequest{With: req.With, URL: berrySet("0"), Count: -1}); err != nil || resp.Total != 2 {
		t.Errorf("Expand: %+v, %v", resp, err)
	}
	canceled, stop := context.WithCancel(t.Context())
	stop()
	if _, err := s.Validate(canceled, req); terminology.KindOf(err) != terminology.Unavailable {
		t.Errorf("Validate when nobody waits: %v, want Unavailable", err)
	}
}

// TestImportsTooDeep wants a chain that is too long told as that, and not as a circle.
func TestImportsTooDeep(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	resources := [][]byte{berriesIn("1", "cloud"), setOf("50", `{"include":[{"system":"`+berries+`"}]}`)}
	for i := range 50 {
		resources = append(resources, setOf(fmt.Sprint(i), `{"include":[{"valueSet":["`+berrySet(fmt.Sprint(i+1))+`"]}]}`))
	}
	req := operation.ValidateRequest{With: operation.With{Resources: resources}, ValueSet: berrySet("0"), Codings: []terminology.Coding{{System: berries, Code: "cloud"}}}
	if _, err := s.Validate(t.Context(), req); terminology.KindOf(err) != terminology.TooCostly {
		t.Errorf("Validate: %v, want TooCostly", err)
	}
	req.ValueSet = berrySet("25")
	if resp, err := s.Validate(t.Context(), req); err != nil || !resp.Result {
		t.Errorf("Validate of a chain of 26: %+v, %v", resp, err)
	}
}

// TestActiveOnlyIsOfTheValueSet excludes a code by an import that holds it in a version in
// which it is inactive: that the request wants active codes only does not bring it back.
func TestActiveOnlyIsOfTheValueSet(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	with := operation.With{Resources: [][]byte{berriesIn("1", "cloud", "blue", "crow"), berriesIn("2", "cloud", "blue!"),
		setOf("newest", `{"include":[{"system":"`+berries+`"}]}`),
		setOf("less", `{"include":[{"system":"`+berries+`","version":"1"}],"exclude":[{"system":"`+berries+`","valueSet":["`+berrySet("newest")+`"]}]}`),
	}}
	expansion, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: berrySet("less"), Count: -1, ActiveOnly: true})
	if err != nil || len(expansion.Codes) != 1 || expansion.Codes[0].Coding.Code != "crow" {
		t.Errorf("Expand: %+v, %v, want crow alone", expansion, err)
	}
	for code, want := range map[string]bool{"cloud": false, "blue": false, "crow": true} {
		resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, ValueSet: berrySet("less"), ActiveOnly: true, Codings: []terminology.Coding{{System: berries, Code: code}}})
		if err != nil || resp.Result != want {
			t.Errorf("Validate %s: %+v, %v, want %v", code, resp, err, want)
		}
	}
}

// TestUnknownSystemOfInclude wants a code system that is not known at all told with the
// version that was wanted of it: that of a rule, of the include, or of the coding.
func TestUnknownSystemOfInclude(t *testing.T) {
	const herbs = "http://example.org/herbs"
	s := operation.New(installed, operation.Options{})
	for _, tt := range []struct{ name, include, given, force, want string }{
		{name: "no version"},
		{name: "of the include", include: "4", want: "4"},
		{name: "of the coding", given: "5", want: "5"},
		{name: "of both", include: "4", given: "4", want: "4"},
		{name: "of two that differ", include: "4", given: "5", want: "4"},
		{name: "forced", include: "4", force: "6", want: "6"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			include := `{"system":"` + herbs + `"`
			if tt.include != "" {
				include += `,"version":"` + tt.include + `"`
			}
			req := operation.ValidateRequest{Form: operation.FormCoding, ValueSet: berrySet("herbs"), Codings: []terminology.Coding{{System: herbs, Version: tt.given, Code: "mint"}},
				With: operation.With{Resources: [][]byte{setOf("herbs", `{"include":[`+include+`}]}`)}}}
			if tt.force != "" {
				req.Versions.Force = []string{herbs + "|" + tt.force}
			}
			resp, err := s.Validate(t.Context(), req)
			if err != nil {
				t.Fatal(err)
			}
			id, text := "UNKNOWN_CODESYSTEM", "'"+herbs+"' could not be found"
			if tt.want != "" {
				id, text = "UNKNOWN_CODESYSTEM_VERSION_NONE", "version '"+tt.want+"' could not be found"
			}
			i := slices.IndexFunc(resp.Issues, func(i operation.Issue) bool { return i.ID == id })
			if resp.Result || i < 0 || !strings.Contains(resp.Issues[i].Text, text) || !slices.Equal(resp.CausedBy, []string{herbs}) {
				t.Errorf("%+v, caused by %q, want %s with %q", resp.Issues, resp.CausedBy, id, text)
			}
			differs := slices.ContainsFunc(resp.Issues, func(i operation.Issue) bool { return strings.HasPrefix(i.ID, "VALUESET_VALUE_MISMATCH") })
			if want := tt.include != "" && tt.given != "" && tt.include != tt.given; differs != want {
				t.Errorf("%+v: told that versions differ: %v, want %v", resp.Issues, differs, want)
			}
		})
	}
}

// TestExcludedIsToldAsIncluded wants a code that an exclude of another version takes away
// told in the version that the value set includes.
func TestExcludedIsToldAsIncluded(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	with := operation.With{Resources: [][]byte{berriesIn("1", "cloud"), berriesIn("2", "cloud", "crow"),
		setOf("less", `{"include":[{"system":"`+berries+`","version":"2"}],"exclude":[{"system":"`+berries+`","version":"1"}]}`)}}
	resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: berrySet("less"), Codings: []terminology.Coding{{System: berries, Code: "cloud"}}})
	if err != nil || resp.Result || resp.Coding.Version != "2" || resp.Coding.Display != "cloud 2" {
		t.Errorf("Validate: %+v, %v, want cloud 2 of version 2, not in", resp, err)
	}
}

// TestImplicitValueSetsThatAreNone wants an implicit value set of a concept that SNOMED CT
// does not have told as any value set that is not known, also where another one imports
// it, and that of a version that is not known as a version.
func TestImplicitValueSetsThatAreNone(t *testing.T) {
	const nothing, disease = sct + "?fhir_vs=isa/399144008", sct + "?fhir_vs=isa/64572001"
	coding := []terminology.Coding{{System: sct, Code: "22298006"}}
	for _, url := range []string{nothing, sct + "?fhir_vs=refset/399144008", sct + "?fhir_vs=refset/22298006"} {
		_, err := service.Validate(t.Context(), operation.ValidateRequest{Codings: coding, ValueSet: url})
		var told *operation.IssueError
		if terminology.KindOf(err) != terminology.NotFound || !errors.As(err, &told) || told.Issues[0].ID != "Unable_to_resolve_value_Set_" {
			t.Errorf("Validate in %s: %v", url, err)
		}
		resp, err := service.Validate(t.Context(), operation.ValidateRequest{Codings: coding, Definition: setOf("importing", `{"include":[{"valueSet":["`+url+`"]}]}`)})
		if err != nil || resp.Result || resp.Issues[0].ID != "Unable_to_resolve_value_Set_" {
			t.Errorf("Validate in an import of %s: %+v, %v", url, resp, err)
		}
	}
	req := operation.ValidateRequest{Codings: coding, ValueSet: disease}
	if resp, err := service.Validate(t.Context(), req); err != nil || !resp.Result {
		t.Errorf("Validate: %+v, %v", resp, err)
	}
	req.Versions.Default = []string{sct + "|http://snomed.info/sct/51000202101/version/19990101"}
	resp, err := service.Validate(t.Context(), req)
	if err != nil || resp.Result || resp.Issues[0].ID != "UNKNOWN_CODESYSTEM_VERSION" {
		t.Errorf("Validate in a version that is not known: %+v, %v", resp, err)
	}
}
