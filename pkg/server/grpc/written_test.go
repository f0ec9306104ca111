package grpcserver_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/internal/wiring"
	"github.com/kodeks/kodeks/pkg/catalog"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	hands   = "http://example.org/hand"
	handMap = "http://example.org/map"
)

// written is a service of its own over resources that clients wrote.
func written(t *testing.T) *operation.Service {
	t.Helper()
	data := t.TempDir()
	if err := os.Mkdir(filepath.Join(data, catalog.ReleasesDir), 0o755); err != nil {
		t.Fatal(err)
	}
	resources, err := wiring.OpenResources(data, false)
	if err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Open(data, wiring.Open, catalog.Options{Language: "nb", Stored: resources, OpenResource: wiring.OpenResource})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := resources.Close(); err != nil {
			t.Error(err)
		}
	})
	s := operation.New(c, operation.Options{Closures: resources})
	for typ, text := range map[string]string{
		"CodeSystem": `{"resourceType":"CodeSystem","id":"x","url":"` + hands + `","version":"1","status":"active","date":"2026-03-01","content":"complete","concept":[{"code":"H","display":"Hånd","concept":[{"code":"H1","display":"Finger"},{"code":"H2","display":"Tommel"}]}]}`,
		"ConceptMap": `{"resourceType":"ConceptMap","id":"x","url":"` + handMap + `","status":"active","group":[{"source":"` + hands + `","target":"` + hands + `","element":[{"code":"H1","target":[{"code":"H2","equivalence":"relatedto"}]},{"code":"H2","target":[{"code":"H","equivalence":"wider"}]}]}]}`,
	} {
		req := operation.WriteRequest{Type: typ, ID: "x", Method: "PUT", Text: func(string) []byte { return []byte(text) }}
		if _, err := s.WriteResource(t.Context(), req); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// TestWrittenOverTheNetwork asks both doors what REST tells of resources that clients wrote.
func TestWrittenOverTheNetwork(t *testing.T) {
	s := written(t)
	address, _, _ := start(t, s, grpcserver.Options{})
	for name, door := range map[string]grpcserver.Terminology{"locally": grpcserver.Local(s), "over the network": dial(t, address)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			t.Run("browse", func(t *testing.T) {
				resp, err := door.Browse(ctx, &kodeksv1.BrowseRequest{System: hands, Under: "H", Count: 1})
				if err != nil || !resp.Found || resp.Total != 2 || len(resp.Concepts) != 1 || resp.Concepts[0].Coding.Display != "Finger" || resp.Release.Concepts != 3 || len(resp.Filters) == 0 {
					t.Errorf("Browse = %v, %v", resp, err)
				}
				if resp, err := door.Browse(ctx, &kodeksv1.BrowseRequest{System: hands, Under: "X"}); err != nil || resp.Found {
					t.Errorf("an unknown code: %v, %v, want that it was not found", resp, err)
				}
				if _, err := door.Browse(ctx, &kodeksv1.BrowseRequest{System: "http://example.org/none"}); terminology.KindOf(err) != terminology.NotFound {
					t.Errorf("an unknown code system: %v, want NotFound", err)
				}
				if _, err := door.Browse(ctx, &kodeksv1.BrowseRequest{System: hands, Count: -1}); terminology.KindOf(err) != terminology.Invalid {
					t.Errorf("a page of -1: %v, want Invalid", err)
				}
			})
			t.Run("rows of a map", func(t *testing.T) {
				resp, err := door.MapRows(ctx, &kodeksv1.MapRowsRequest{Url: handMap, Count: 1})
				if err != nil || len(resp.Rows) != 1 || !resp.More || resp.Rows[0].Source.Code != "H1" || resp.Rows[0].Target.GetDisplay() != "Tommel" || resp.Rows[0].Relationship != "related-to" {
					t.Errorf("MapRows = %v, %v", resp, err)
				}
				if _, err := door.MapRows(ctx, &kodeksv1.MapRowsRequest{Url: hands}); terminology.KindOf(err) != terminology.NotFound {
					t.Errorf("what is no map: %v, want NotFound", err)
				}
			})
			t.Run("closure", func(t *testing.T) {
				ask := func(m *kodeksv1.ClosureRequest) *kodeksv1.ClosureResponse {
					t.Helper()
					m.Name = name
					resp, err := door.Closure(ctx, m)
					if err != nil {
						t.Fatal(err)
					}
					return resp
				}
				if resp := ask(&kodeksv1.ClosureRequest{}); !resp.Made || resp.Version != "0" || resp.Time == "" {
					t.Errorf("a new table: %v", resp)
				}
				first := ask(&kodeksv1.ClosureRequest{Concepts: []*kodeksv1.Coding{{System: hands, Code: "H1"}, {System: hands, Code: "H"}}})
				want := []*kodeksv1.ClosureRow{{Source: "H1", Target: "H"}}
				same := func(a, b *kodeksv1.ClosureRow) bool { return proto.Equal(a, b) }
				if len(first.Groups) != 1 || first.Groups[0].System != hands || !slices.EqualFunc(first.Groups[0].Rows, want, same) {
					t.Errorf("two concepts: %v, want %v", first, want)
				}
				if again := ask(&kodeksv1.ClosureRequest{Version: proto.String("0")}); len(again.Groups) != 1 || !slices.EqualFunc(again.Groups[0].Rows, want, same) {
					t.Errorf("told again: %v", again)
				}
				if again := ask(&kodeksv1.ClosureRequest{Version: &first.Version}); len(again.Groups) != 0 {
					t.Errorf("told after the last version: %v", again)
				}
				for text, m := range map[string]*kodeksv1.ClosureRequest{
					"invalid closure name":  {Name: "none", Version: proto.String("0")},
					"Unknown code 'X'":      {Name: name, Concepts: []*kodeksv1.Coding{{System: hands, Code: "X"}}},
					"must be reinitialized": {Name: name, Version: proto.String("99")},
				} {
					if _, err := door.Closure(ctx, m); err == nil || !strings.Contains(err.Error(), text) {
						t.Errorf("Closure(%v): %v, want %q", m, err, text)
					}
				}
			})
			t.Run("identifiers", func(t *testing.T) {
				expand := func(m *kodeksv1.ExpandRequest) *kodeksv1.ExpandResponse {
					t.Helper()
					resp, err := door.Expand(ctx, m)
					if err != nil {
						t.Fatal(err)
					}
					return resp
				}
				set := func() *kodeksv1.Compose {
					return &kodeksv1.Compose{Include: []*kodeksv1.ConceptSet{{System: hands}}}
				}
				one, two := expand(&kodeksv1.ExpandRequest{Compose: set()}), expand(&kodeksv1.ExpandRequest{Compose: set()})
				if !strings.HasPrefix(one.Identifier, "urn:uuid:") || len(one.Identifier) != 45 || !proto.Equal(one, two) || one.Published != "2026-03-01" {
					t.Errorf("%v, then %v, want the same, with a UUID and 2026-03-01", one, two)
				}
				seen := map[string]bool{one.Identifier: true}
				other := set()
				other.Include[0].Concepts = []*kodeksv1.ConceptReference{{Code: "H1"}}
				for _, m := range []*kodeksv1.ExpandRequest{{Compose: set(), Count: proto.Int32(1)}, {Compose: set(), Count: proto.Int32(1), Offset: 1}, {Compose: set(), Filter: "fin"}, {Compose: set(), ActiveOnly: true},
					{Compose: set(), IncludeDesignations: true}, {Compose: set(), Language: "nn"}, {Compose: set(), Date: "2026"}, {Compose: other}} {
					resp := expand(m)
					if resp.Identifier == "" || seen[resp.Identifier] {
						t.Errorf("%v: identifier %q, want one of its own", m, resp.Identifier)
					}
					seen[resp.Identifier] = true
				}
			})
		})
	}
}
