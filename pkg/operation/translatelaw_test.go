package operation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// lawRow is a row of a random ConceptMap.
type lawRow struct {
	version, source, target string
	relationship            terminology.Relationship
}

// lawMap writes rows as a ConceptMap of R4 or R5, a group for each version of its ends.
func lawMap(rows []lawRow, r5 bool) []byte {
	const a, b = "http://example.org/va", "http://example.org/vb"
	var groups []map[string]any
	for _, version := range []string{"1", "2"} {
		var elements []map[string]any
		for _, row := range rows {
			if row.version != version {
				continue
			}
			target := map[string]any{"code": row.target, "equivalence": row.relationship.Equivalence()}
			if r5 {
				target = map[string]any{"code": row.target, "relationship": row.relationship.String()}
			}
			elements = append(elements, map[string]any{"code": row.source, "target": []any{target}})
		}
		group := map[string]any{"source": a, "sourceVersion": version, "target": b, "targetVersion": version, "element": elements}
		if r5 {
			group = map[string]any{"source": a + "|" + version, "target": b + "|" + version, "element": elements}
		}
		groups = append(groups, group)
	}
	text, err := json.Marshal(map[string]any{"resourceType": "ConceptMap", "url": "http://example.org/law", "version": "1", "status": "active", "group": groups})
	if err != nil {
		panic(err)
	}
	return text
}

// TestTranslateLaw states what holds of every ConceptMap with versions: $translate gives its
// rows of the version that is asked about, each once, the same in reverse as seen from the
// target, and the same whether it is written as in R4 or as in R5.
func TestTranslateLaw(t *testing.T) {
	relationships := []terminology.Relationship{terminology.RelatedTo, terminology.Equivalent, terminology.SourceIsNarrower, terminology.SourceIsBroader}
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 7))
		var rows []lawRow
		seen := map[[3]string]bool{}
		for range 1 + random.IntN(12) {
			row := lawRow{fmt.Sprint(1 + random.IntN(2)), string("xy"[random.IntN(2)]), string("xy"[random.IntN(2)]), relationships[random.IntN(len(relationships))]}
			if key := [3]string{row.version, row.source, row.target}; !seen[key] {
				seen[key] = true
				rows = append(rows, row)
			}
		}
		for _, r5 := range []bool{false, true} {
			req := operation.TranslateRequest{URL: "http://example.org/law"}
			req.Resources = append(append(inTwoVersions("http://example.org/va"), inTwoVersions("http://example.org/vb")...), lawMap(rows, r5))
			for _, version := range []string{"1", "2"} {
				versions := 0
				for _, row := range rows {
					if row.version == version {
						versions++
					}
				}
				if versions == 0 { // then those of the other version are all that there is
					continue
				}
				for _, reverse := range []bool{false, true} {
					var want, got []string
					for _, row := range rows {
						if row.version == version {
							want = append(want, fmt.Sprintf("%s > %s of %[3]s %[3]s %[4]v", row.source, row.target, version, row.relationship))
						}
					}
					for _, code := range []string{"x", "y"} {
						req.Reverse, req.Coding = reverse, terminology.Coding{System: "http://example.org/va", Code: code, Version: version}
						if reverse {
							req.Coding.System = "http://example.org/vb"
						}
						resp, err := service.Translate(t.Context(), req)
						if err != nil {
							t.Fatal(err)
						}
						for _, m := range resp.Matches {
							source, target, relationship := resp.Source, m.Coding, m.Relationship
							if reverse {
								source, target, relationship = m.Coding, m.Target, inverse[m.Relationship]
							}
							got = append(got, fmt.Sprintf("%s > %s of %s %s %v", source.Code, target.Code, source.Version, target.Version, relationship))
						}
					}
					slices.Sort(want)
					slices.Sort(got)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("seed %d, R5 %v, version %s, reverse %v (-want +got):\n%s", seed, r5, version, reverse, diff)
					}
				}
			}
		}
	}
}

// inverse is a relationship as seen from the other end.
var inverse = map[terminology.Relationship]terminology.Relationship{
	terminology.SourceIsNarrower: terminology.SourceIsBroader, terminology.SourceIsBroader: terminology.SourceIsNarrower, terminology.Equivalent: terminology.Equivalent,
}
