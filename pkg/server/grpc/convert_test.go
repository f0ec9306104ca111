package grpcserver_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	kodeksv1 "github.com/kodeks/kodeks/api/kodeks/v1"
	"github.com/kodeks/kodeks/pkg/language"
	"github.com/kodeks/kodeks/pkg/operation"
	grpcserver "github.com/kodeks/kodeks/pkg/server/grpc"
	"github.com/kodeks/kodeks/pkg/terminology"
)

// TestResponsesLoseNothing fills every field of a response, and wants every field
// of its message filled: a field added to an operation and forgotten here fails.
func TestResponsesLoseNothing(t *testing.T) {
	for _, m := range []proto.Message{
		grpcserver.LookupResponse(filled[operation.LookupResponse]()),
		grpcserver.ValidateCodeResponse(filled[operation.ValidateCodeResponse]()),
		grpcserver.SubsumesResponse(filled[operation.SubsumesResponse]()),
		ofStream(grpcserver.SearchResponse(filled[operation.SearchResponse]())),
		ofTranslateStream(grpcserver.TranslateResponse(filled[operation.TranslateResponse]())),
		ofRequest(grpcserver.ExpandResponse(filled[operation.ExpandResponse]())),
		grpcserver.BrowseResponse(filled[operation.BrowseResponse]()),
		grpcserver.MapRowsResponse(filled[operation.MapRowsResponse]()),
		grpcserver.ClosureResponse(filled[operation.ClosureResponse]()),
		grpcserver.ListReleasesResponse(filled[operation.ListResponse]()),
		grpcserver.EvaluateConstraintResponse(filled[operation.ConstraintPart]()),
		grpcserver.CountConstraintResponse(filled[operation.ConstraintHead]()),
		grpcserver.ValidateConstraintResponse(filled[operation.ValidateConstraintResponse]()),
		grpcserver.ExplainConstraintResponse(filled[operation.ExplainConstraintResponse]()),
		grpcserver.ValidateExpressionResponse(filled[operation.ValidateExpressionResponse]()),
	} {
		wantFilled(t, m.ProtoReflect(), string(m.ProtoReflect().Descriptor().Name()))
	}
}

// ofStream fills what only the answers of a stream have.
func ofStream(m *kodeksv1.SearchResponse) *kodeksv1.SearchResponse {
	m.Sequence, m.Status = proto.Int32(7), &kodeksv1.SearchStatus{Code: 3, Message: "no"}
	return m
}

// ofRequest fills what is made of the request too.
func ofRequest(m *kodeksv1.ExpandResponse) *kodeksv1.ExpandResponse {
	m.Identifier = "urn:uuid:no"
	return m
}

func ofTranslateStream(m *kodeksv1.TranslateResponse) *kodeksv1.TranslateResponse {
	m.Sequence, m.Status = proto.Int32(7), &kodeksv1.TranslateStatus{Code: 3, Message: "no"}
	return m
}

// TestResponsesOfNothing converts zero responses: an unknown code has no release,
// an empty expansion no codes.
func TestResponsesOfNothing(t *testing.T) {
	got := grpcserver.LookupResponse(&operation.LookupResponse{})
	if !proto.Equal(got, &kodeksv1.LookupResponse{}) {
		t.Errorf("LookupResponse of nothing = %v", got)
	}
	if got := grpcserver.EvaluateConstraintResponse(&operation.ConstraintPart{}); !proto.Equal(got, &kodeksv1.EvaluateConstraintResponse{}) {
		t.Errorf("EvaluateConstraintResponse of nothing = %v", got)
	}
	if got := grpcserver.ValidateExpressionResponse(&operation.ValidateExpressionResponse{}); !proto.Equal(got, &kodeksv1.ValidateExpressionResponse{}) {
		t.Errorf("ValidateExpressionResponse of nothing = %v", got)
	}
	if got := grpcserver.ExpandResponse(&operation.ExpandResponse{}); !proto.Equal(got, &kodeksv1.ExpandResponse{}) {
		t.Errorf("ExpandResponse of nothing = %v", got)
	}
}

// TestRequestsLoseNothing fills every field of a request message, and wants every
// field of the operation's request filled.
func TestRequestsLoseNothing(t *testing.T) {
	lookup, err := grpcserver.LookupRequest(message(&kodeksv1.LookupRequest{}))
	wantNoZero(t, lookup, err)
	validate, err := grpcserver.ValidateCodeRequest(message(&kodeksv1.ValidateCodeRequest{}))
	wantNoZero(t, validate, err)
	wantNoZero(t, grpcserver.SubsumesRequest(message(&kodeksv1.SubsumesRequest{})), nil)
	search, err := grpcserver.SearchRequest(message(&kodeksv1.SearchRequest{}))
	wantNoZero(t, search, err)
	translate, err := grpcserver.TranslateRequest(message(&kodeksv1.TranslateRequest{}))
	wantNoZero(t, translate, err)
	expand, err := grpcserver.ExpandRequest(message(&kodeksv1.ExpandRequest{}))
	wantNoZero(t, expand, err)
	browse, err := grpcserver.BrowseRequest(message(&kodeksv1.BrowseRequest{}))
	wantNoZero(t, browse, err)
	rows, err := grpcserver.MapRowsRequest(message(&kodeksv1.MapRowsRequest{}))
	wantNoZero(t, rows, err)
	wantNoZero(t, grpcserver.ClosureRequest(message(&kodeksv1.ClosureRequest{})), nil)
	evaluate, err := grpcserver.EvaluateConstraintRequest(message(&kodeksv1.EvaluateConstraintRequest{}))
	wantNoZero(t, evaluate, err)
	explain, err := grpcserver.ExplainConstraintRequest(message(&kodeksv1.ExplainConstraintRequest{}))
	wantNoZero(t, explain, err)
	expression, err := grpcserver.ValidateExpressionRequest(message(&kodeksv1.ValidateExpressionRequest{}))
	wantNoZero(t, expression, err)
	want := operation.ConstraintRequest{System: "no", Version: "no", Expression: "no"} // pages and languages mean nothing
	if got := grpcserver.CountConstraintRequest(message(&kodeksv1.CountConstraintRequest{})); !reflect.DeepEqual(got, want) {
		t.Errorf("CountConstraintRequest = %+v, want %+v", got, want)
	}
	if got := grpcserver.ValidateConstraintRequest(message(&kodeksv1.ValidateConstraintRequest{})); !reflect.DeepEqual(got, want) {
		t.Errorf("ValidateConstraintRequest = %+v, want %+v", got, want)
	}
}

func TestRequestsFillTheirDefaults(t *testing.T) {
	none := int32(0)
	for _, tt := range []struct {
		name string
		in   *kodeksv1.ExpandRequest
		want int
	}{
		{"no count asks for all", &kodeksv1.ExpandRequest{}, -1},
		{"count 0 asks for the total", &kodeksv1.ExpandRequest{Count: &none}, 0},
		{"no message at all", nil, -1},
	} {
		if got, err := grpcserver.ExpandRequest(tt.in); err != nil || got.Count != tt.want {
			t.Errorf("%s: count %d, %v, want %d", tt.name, got.Count, err, tt.want)
		}
	}
	got, err := grpcserver.LookupRequest(&kodeksv1.LookupRequest{Language: "nn, *;q=0"})
	want := language.Of(language.Nynorsk).NoFallback()
	if err != nil || !reflect.DeepEqual(got.Languages, want) {
		t.Errorf("language nn, *;q=0 = %v, %v, want nynorsk and nothing else", got.Languages, err)
	}
}

// TestDates reads the dates that requests may carry; a month or year is its last day.
func TestDates(t *testing.T) {
	for text, want := range map[string]terminology.Date{"": 0, "2025": 20251231, "2024-02": 20240229, "2025-06-30": 20250630, "2025-06-30T23:59:59Z": 20250630} {
		for name, read := range map[string]func() (terminology.Date, error){
			"lookup": func() (terminology.Date, error) {
				r, err := grpcserver.LookupRequest(&kodeksv1.LookupRequest{Date: text})
				return r.Date, err
			},
			"validate-code": func() (terminology.Date, error) {
				r, err := grpcserver.ValidateCodeRequest(&kodeksv1.ValidateCodeRequest{Date: text})
				return r.Date, err
			},
			"expand": func() (terminology.Date, error) {
				r, err := grpcserver.ExpandRequest(&kodeksv1.ExpandRequest{Date: text})
				return r.Date, err
			},
		} {
			if got, err := read(); err != nil || got != want {
				t.Errorf("%s: date %q = %s, %v, want %s", name, text, got, err, want)
			}
		}
	}
	if _, err := grpcserver.LookupRequest(&kodeksv1.LookupRequest{Date: "30.06.2025"}); terminology.KindOf(err) != terminology.Invalid {
		t.Errorf("date 30.06.2025: %v, want kind Invalid", err)
	}
}

func TestComposeThereAndBack(t *testing.T) {
	inactive := false
	want := &operation.Compose{
		URL: "http://example.org/ValueSet/hjerte", Name: "Hjerte", Inactive: &inactive, Apart: true,
		Include: []operation.ConceptSet{
			{System: "http://snomed.info/sct", Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: "22298006"}}},
			{System: "urn:oid:2.16.578.1.12.4.1.1.7110", Concepts: []operation.ConceptReference{{Code: "I21.0", Display: "Akutt transmuralt hjerteinfarkt i fremre vegg"}}},
		},
		Exclude: []operation.ConceptSet{{ValueSets: []string{"http://example.org/ValueSet/gammelt"}}},
	}
	if diff := cmp.Diff(want, grpcserver.Compose(grpcserver.ComposeMessage(want)), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("a definition there and back: -want +got\n%s", diff)
	}
	if grpcserver.Compose(nil) != nil || grpcserver.ComposeMessage(nil) != nil {
		t.Error("no definition became one")
	}
}

// filled returns a T in which every field says something.
func filled[T any]() *T {
	v := new(T)
	fill(reflect.ValueOf(v).Elem())
	return v
}

// ofThisDoor reports whether a field is for all doors, and not for FHIR alone.
func ofThisDoor(f reflect.StructField) bool {
	return f.IsExported() && f.Tag.Get("door") == ""
}

func fill(v reflect.Value) {
	switch v.Interface().(type) {
	case terminology.Date:
		v.SetUint(20020131)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if ofThisDoor(v.Type().Field(i)) {
				fill(v.Field(i))
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.String:
		v.SetString("no")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint8, reflect.Uint32:
		v.SetUint(1)
	default:
		panic("filled: " + v.Type().String())
	}
}

// message fills every field of a message.
func message[M proto.Message](m M) M {
	fillMessage(m.ProtoReflect())
	return m
}

func fillMessage(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		switch {
		case f.IsList() && f.Message() != nil:
			e := m.Mutable(f).List().AppendMutable()
			fillMessage(e.Message())
		case f.IsList():
			m.Mutable(f).List().Append(protoreflect.ValueOfString("no"))
		case f.Message() != nil:
			fillMessage(m.Mutable(f).Message())
		case f.Kind() == protoreflect.BoolKind:
			m.Set(f, protoreflect.ValueOfBool(true))
		case f.Kind() == protoreflect.Int32Kind:
			m.Set(f, protoreflect.ValueOfInt32(7))
		case f.Name() == "date" && strings.HasSuffix(string(m.Descriptor().Name()), "Request"):
			m.Set(f, protoreflect.ValueOfString("2025-06"))
		default:
			m.Set(f, protoreflect.ValueOfString("no"))
		}
	}
}

func wantFilled(t *testing.T, m protoreflect.Message, path string) {
	t.Helper()
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		where := path + "." + string(f.Name())
		switch {
		case !m.Has(f):
			t.Errorf("%s is not filled", where)
		case f.IsList() && f.Message() != nil:
			wantFilled(t, m.Get(f).List().Get(0).Message(), where)
		case !f.IsList() && f.Message() != nil:
			wantFilled(t, m.Get(f).Message(), where)
		}
	}
}

func wantNoZero(t *testing.T, req any, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	noZero(t, reflect.ValueOf(req), reflect.TypeOf(req).Name())
}

func noZero(t *testing.T, v reflect.Value, path string) {
	t.Helper()
	if v.IsZero() {
		t.Errorf("%s is not filled", path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		noZero(t, v.Elem(), path)
	case reflect.Slice:
		noZero(t, v.Index(0), path)
	case reflect.Struct:
		for i := range v.NumField() {
			if !ofThisDoor(v.Type().Field(i)) {
				continue
			}
			if f := v.Type().Field(i); ofThisDoor(f) {
				noZero(t, v.Field(i), path+"."+f.Name)
			}
		}
	}
}
