package operation_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestMembershipAgreesUnderRules states the law of TestMembershipAgrees for requests that
// say more: only active codes, which versions answer where a value set leaves that open or
// whatever it says, supplements, which version of an import is meant; and for value sets
// that name no version, and that keep versions apart or make them one.
func TestMembershipAgreesUnderRules(t *testing.T) {
	s := operation.New(installed, operation.Options{})
	codes := []string{"cloud", "blue", "crow", "bear"}
	draw := rand.New(rand.NewPCG(15, 16))
	const supplement = `{"resourceType":"CodeSystem","url":"http://example.org/jam","version":"1","status":"active","content":"supplement","supplements":"` + berries + `","concept":[{"code":"cloud","designation":[{"language":"nb","value":"molte"}]}]}`
	members := 0
	for range 600 {
		resources := [][]byte{berriesIn("1", "cloud", "blue", "bear!"), berriesIn("2", "cloud", "blue!", "crow", "bear!"), []byte(supplement)}
		const sets = 4
		open, match := false, ""
		for i := range sets {
			compose := drawCompose(draw, codes, i)
			for _, version := range []string{"1", "2"} { // some leave the version open
				if draw.IntN(3) == 0 {
					whole := compose
					compose = strings.ReplaceAll(compose, `,"version":"`+version+`"`, "")
					open = open || compose != whole
				}
			}
			if match = []string{"", "true", "false"}[draw.IntN(3)]; match != "" && i == sets-1 {
				compose = `{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter","extension":[{"url":"name","valueCode":"versionsMatch"},{"url":"value","valueBoolean":` + match + `}]}],` + compose[1:]
			}
			resources = append(resources, setOf(fmt.Sprint(i), compose))
		}
		with, url := operation.With{Resources: resources}, berrySet(fmt.Sprint(sets-1))
		rule := []string{berries + "|" + fmt.Sprint(1+draw.IntN(2))}
		switch draw.IntN(4) {
		case 0:
			with.Versions.Default = rule
		case 1:
			with.Versions.Force = rule
		}
		if draw.IntN(3) == 0 {
			with.Supplements = []string{"http://example.org/jam"}
		}
		activeOnly := draw.IntN(3) == 0
		expansion, err := s.Expand(t.Context(), operation.ExpandRequest{With: with, URL: url, Count: -1, ActiveOnly: activeOnly})
		if err != nil {
			t.Fatal(err)
		}
		members += len(expansion.Codes)
		versions := []string{"1", "2", ""}
		// The version of a coding chooses where a value set leaves that open, and may be any
		// where versions are one: only codings without one go by the expansion then.
		if open || len(with.Versions.Force) > 0 || match == "true" {
			versions = versions[2:]
		}
		for _, version := range versions {
			for _, code := range codes {
				coding := terminology.Coding{System: berries, Version: version, Code: code}
				resp, err := s.Validate(t.Context(), operation.ValidateRequest{With: with, Form: operation.FormCoding, ValueSet: url, Codings: []terminology.Coding{coding}, ActiveOnly: activeOnly})
				if err != nil {
					t.Fatal(err)
				}
				want := slices.ContainsFunc(expansion.Codes, func(c operation.ExpandedCode) bool {
					return (version == "" || c.Coding.Version == version) && c.Coding.Code == code
				})
				if resp.Result != want {
					t.Errorf("%s of version %q: %v, but in the expansion: %v; rules %+v, activeOnly %v, supplements %v\n%s\n%+v", code, version, resp.Result, want, with.Versions, activeOnly, with.Supplements, slices.Concat(resources[3:]...), resp.Issues)
				}
			}
		}
	}
	if members == 0 {
		t.Error("no value set that was drawn has members")
	}
}
