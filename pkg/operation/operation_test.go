package operation_test

import (
	"testing"

	"github.com/kodeks/kodeks/pkg/operation"
	"github.com/kodeks/kodeks/pkg/terminology"
)

const (
	sct    = "http://snomed.info/sct"
	icd    = "icd-10"
	icpc   = "icpc-2"
	icpcB  = "icpc-2b"
	older  = "http://snomed.info/sct/51000202101/version/20250315"
	isa    = sct + "?fhir_vs=isa/"
	refset = sct + "?fhir_vs=refset/"
)

func coding(system, code string) terminology.Coding {
	return terminology.Coding{System: system, Code: code}
}

// TestLookup pins whole responses, as do the tests below it. To change one on
// purpose, run go test -update and read the diff.
func TestLookup(t *testing.T) {
	for name, tt := range map[string]struct {
		coding     terminology.Coding
		languages  string
		properties []string
	}{
		"bokmal":           {coding: coding(sct, "22298006")},
		"nynorsk":          {coding: coding(sct, "22298006"), languages: "nn"},
		"english":          {coding: coding(sct, "22298006"), languages: "en"},
		"language-family":  {coding: coding(sct, "22298006"), languages: "no-NO", properties: []string{"none"}},
		"no-fallback":      {coding: coding(sct, "900000000000509007"), languages: "nn, *;q=0", properties: []string{"none"}},
		"inactive":         {coding: coding(sct, "155728006")},
		"older-version":    {coding: terminology.Coding{System: sct, Version: older, Code: "22298006"}, properties: []string{"none"}},
		"only-parents":     {coding: coding(sct, "22298006"), properties: []string{"parent"}},
		"attributes":       {coding: coding(sct, "22298006"), properties: []string{"363698007", "child"}},
		"root":             {coding: coding(sct, "138875005"), properties: []string{"child"}},
		"drug":             {coding: coding(sct, "322236009"), properties: []string{"*"}},
		"icd10":            {coding: coding(icd, "I21.0a")},
		"icd10-lower":      {coding: coding(icd, "i21.0a"), properties: []string{"none"}},
		"icd10-no-dot":     {coding: coding(icd, "I210a"), properties: []string{"none"}},
		"icd10-block":      {coding: coding(icd, "I20-I25")},
		"icpc2":            {coding: coding(icpc, "K75")},
		"icpc2-lower":      {coding: coding(icpc, "k75"), properties: []string{"none"}},
		"icpc2-process":    {coding: coding(icpc, "-30")},
		"icpc2b":           {coding: coding(icpcB, "K75.0001")},
		"unknown-code":     {coding: coding(sct, "22298007")},
		"unknown-system":   {coding: coding("loinc", "718-7")},
		"unknown-version":  {coding: terminology.Coding{System: sct, Version: "http://snomed.info/sct/51000202101/version/19990915", Code: "22298006"}},
		"without-a-system": {coding: coding("", "22298006")},
	} {
		t.Run(name, func(t *testing.T) {
			req := operation.LookupRequest{Coding: tt.coding, Properties: tt.properties}
			if tt.languages != "" {
				req.Languages = languages(t, tt.languages)
			}
			resp, err := service.Lookup(t.Context(), req)
			check(t, "lookup/"+name, resp, err)
		})
	}
}

func TestSubsumes(t *testing.T) {
	for name, req := range map[string]operation.SubsumesRequest{
		"equivalent":       {System: sct, CodeA: "22298006", CodeB: "22298006"},
		"subsumes":         {System: sct, CodeA: "56265001", CodeB: "57054005"},
		"subsumed-by":      {System: sct, CodeA: "57054005", CodeB: "56265001"},
		"not-subsumed":     {System: sct, CodeA: "22298006", CodeB: "73211009"},
		"inactive":         {System: sct, CodeA: "74400008", CodeB: "155728006"},
		"icd10-forms":      {System: icd, CodeA: "i21", CodeB: "I210a"},
		"icd10-same":       {System: icd, CodeA: "I21.0A", CodeB: "i210a"},
		"version":          {System: sct, Version: older, CodeA: "22298006", CodeB: "57054005"},
		"unknown-a":        {System: sct, CodeA: "22298007", CodeB: "22298006"},
		"unknown-b":        {System: sct, CodeA: "22298006", CodeB: ""},
		"unknown-both":     {System: icpc, CodeA: "I21", CodeB: "I22"},
		"unknown-system":   {System: "loinc", CodeA: "1", CodeB: "2"},
		"unknown-version":  {System: icd, Version: "1999", CodeA: "I21", CodeB: "I21"},
		"without-a-system": {CodeA: "22298006", CodeB: "22298006"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.Subsumes(t.Context(), req)
			check(t, "subsumes/"+name, resp, err)
		})
	}
}

func TestValidateCode(t *testing.T) {
	of := func(c terminology.Coding, display string) terminology.Coding { c.Display = display; return c }
	ofVersion := func(c terminology.Coding, version string) terminology.Coding { c.Version = version; return c }
	inactive := new(bool)
	for name, req := range map[string]operation.ValidateCodeRequest{
		"good":                     {Coding: coding(sct, "22298006")},
		"good-display":             {Coding: of(coding(sct, "22298006"), "hjerteinfarkt")},
		"good-display-of-another":  {Coding: of(coding(sct, "22298006"), "Hjarteinfarkt")},
		"wrong-display":            {Coding: of(coding(sct, "22298006"), "hjertesvikt")},
		"wrong-display-in-nynorsk": {Coding: of(coding(sct, "22298006"), "hjartesvikt"), Languages: languages(t, "nn")},
		"retired-display":          {Coding: of(coding(sct, "74400008"), "Typhlitis")},
		"unknown-code":             {Coding: coding(sct, "22298007")},
		"unknown-system":           {Coding: coding("http://loinc.org", "718-7")},
		"system-of-nobody":         {Coding: coding("http://example.org/none", "718-7")},
		"unknown-version":          {Coding: ofVersion(coding(icd, "I21.9"), "1999")},
		"without-a-system":         {Coding: coding("", "22298006")},
		"inactive":                 {Coding: coding(sct, "155728006")},
		"expired":                  {Coding: coding(icd, "R50.0")},
		"other-case":               {Coding: coding(icd, "i21.9")},
		"without-dot":              {Coding: coding(icd, "I219")},
		"abstract":                 {Coding: coding(icd, "I20-I25")},
		"icpc2b-without-dot":       {Coding: coding(icpcB, "K750001")},
		"in":                       {Coding: coding(sct, "57054005"), ValueSet: isa + "22298006"},
		"in-without-a-system":      {Coding: coding("", "57054005"), ValueSet: isa + "22298006"},
		"not-in":                   {Coding: coding(sct, "73211009"), ValueSet: isa + "22298006"},
		"not-in-other-system":      {Coding: coding(icd, "I21.9"), ValueSet: isa + "22298006"},
		"unknown-code-in":          {Coding: coding(sct, "22298007"), ValueSet: isa + "22298006"},
		"retired-member":           {Coding: coding(sct, "25064002"), ValueSet: refset + "1991000202102"},
		"member":                   {Coding: coding(sct, "22298006"), ValueSet: refset + "1991000202102"},
		"in-older-value-set":       {Coding: coding(sct, "57054005"), ValueSet: older + "?fhir_vs=isa/22298006"},
		"in-value-set-version":     {Coding: coding(sct, "57054005"), ValueSet: isa + "22298006|" + older},
		"in-missing-version":       {Coding: coding(sct, "57054005"), ValueSet: isa + "22298006|1999"},
		"inactive-is-not-in":       {Coding: coding(sct, "155728006"), Compose: &operation.Compose{URL: "http://example.org/active", Inactive: inactive, Include: []operation.ConceptSet{{System: sct}}}},
		"compose":                  {Coding: coding(icd, "i21.9"), Compose: &operation.Compose{Include: []operation.ConceptSet{{System: "urn:oid:2.16.578.1.12.4.1.1.7110", Concepts: []operation.ConceptReference{{Code: "I21.9"}}}}}},
		"all-of-icd10":             {Coding: coding(icd, "I21.9"), ValueSet: "http://hl7.org/fhir/sid/icd-10-no?vs"},
		"unknown-value-set":        {Coding: coding(sct, "22298006"), ValueSet: "http://example.org/none"},
		"ecl":                      {Coding: coding(sct, "22298006"), ValueSet: sct + "?fhir_vs=ecl/%3C22298006"},
		"malformed-value-set":      {Coding: coding(sct, "22298006"), ValueSet: isa + "22298007"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.ValidateCode(t.Context(), req)
			check(t, "validatecode/"+name, resp, err)
		})
	}
}

func TestSearch(t *testing.T) {
	for name, req := range map[string]operation.SearchRequest{
		"prefix":              {Text: "hjerteinf", Limit: 10},
		"two-words":           {Text: "infarkt hjert", Systems: []string{sct}},
		"nynorsk":             {Text: "hjarteinfarkt", Systems: []string{sct}, Languages: languages(t, "nn"), Limit: 3},
		"nynorsk-for-bokmal":  {Text: "gammalt hjarteinf", Systems: []string{sct}, Limit: 3},
		"english":             {Text: "heart attack", Systems: []string{sct}, Languages: languages(t, "en"), Limit: 3},
		"two-systems":         {Text: "hjerteinf", Systems: []string{icd, icpc}, Limit: 5},
		"a-system-twice":      {Text: "hjerteinf", Systems: []string{icpc, "icpc2", "urn:oid:2.16.578.1.12.4.1.1.7170"}},
		"a-version":           {Text: "hjerteinf", Systems: []string{sct + "|" + older}, Limit: 2},
		"value-set":           {Text: "infarkt", ValueSet: isa + "57054005"},
		"value-set-other":     {Text: "infarkt", ValueSet: isa + "57054005", Systems: []string{icd}},
		"value-set-version":   {Text: "infarkt", ValueSet: older + "?fhir_vs=isa/57054005", Systems: []string{sct + "|" + older}, Limit: 1},
		"tag":                 {Text: "hjerte", Systems: []string{sct}, Tag: "body structure"},
		"code":                {Text: "I21.9", Systems: []string{icd}},
		"inactive":            {Text: "appendicitis", Systems: []string{sct}, Languages: languages(t, "en"), Inactive: true, Limit: 5},
		"only-active":         {Text: "appendicitis", Systems: []string{sct}, Languages: languages(t, "en"), Limit: 5},
		"typing-error":        {Text: "hjertinfakrt", Systems: []string{icd}, Limit: 3},
		"nothing":             {Text: "brekkbønne"},
		"no-text":             {Text: " "},
		"too-many":            {Text: "hjerte", Limit: 1001},
		"negative":            {Text: "hjerte", Limit: -1},
		"unknown-system":      {Text: "hjerte", Systems: []string{sct, "loinc"}},
		"unknown-value-set":   {Text: "hjerte", ValueSet: "http://example.org/none"},
		"system-of-value-set": {Text: "hjerte", ValueSet: isa + "57054005", Systems: []string{"loinc"}},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.Search(t.Context(), req)
			check(t, "search/"+name, resp, err)
		})
	}
}

func TestTranslate(t *testing.T) {
	for name, req := range map[string]operation.TranslateRequest{
		"to-icd10":              {Coding: coding(sct, "22298006"), Target: icd},
		"to-icd10-who":          {Coding: coding(sct, "22298006"), Target: "http://hl7.org/fhir/sid/icd-10"},
		"to-icpc2":              {Coding: coding(sct, "22298006"), Target: icpc},
		"to-any":                {Coding: coding(sct, "22298006")},
		"to-value-set":          {Coding: coding(sct, "22298006"), Target: "http://hl7.org/fhir/sid/icd-10-no?vs"},
		"lower-case-target":     {Coding: coding(sct, "54329005"), Target: icd},
		"groups":                {Coding: coding(sct, "73795002"), Target: icd},
		"rules":                 {Coding: coding(sct, "31978002"), Target: icd},
		"priorities":            {Coding: coding(sct, "39579001"), Target: icd},
		"no-target":             {Coding: coding(sct, "8619003"), Target: icd},
		"cannot-be-classified":  {Coding: coding(sct, "77176002"), Target: icd},
		"map-by-url":            {URL: sct + "?fhir_cm=447562003", Coding: coding(sct, "22298006")},
		"map-of-edition":        {URL: older + "?fhir_cm=447562003", Coding: coding(sct, "22298006")},
		"map-of-other-edition":  {URL: "http://snomed.info/sct/731000124108?fhir_cm=447562003", Coding: coding(sct, "22298006")},
		"map-version":           {URL: "urn:kodeks:map:icpc-2b:icd-10-no|2026", Coding: coding(icpcB, "K75.0001")},
		"map-version-missing":   {URL: "urn:kodeks:map:icpc-2b:icd-10-no|1999", Coding: coding(icpcB, "K75.0001")},
		"map-edition-missing":   {URL: sct + "?fhir_cm=447562003|http://snomed.info/sct/51000202101/version/19990915", Coding: coding(sct, "22298006")},
		"version-of-source":     {Coding: terminology.Coding{System: sct, Version: older, Code: "22298006"}, Target: icd},
		"history":               {Coding: coding(sct, "155728006"), Target: sct},
		"history-possibly":      {Coding: coding(sct, "268677005"), Target: sct},
		"reverse-from-icd10":    {Coding: coding(icd, "i219"), Target: sct, Reverse: true},
		"reverse-from-icpc2":    {Coding: coding(icpc, "K75"), Target: sct, Reverse: true},
		"icpc2b-to-icd10":       {Coding: coding(icpcB, "K750001"), Target: icd},
		"icd10-to-icpc2b":       {Coding: coding(icd, "I21.9"), Target: icpcB, Reverse: true},
		"nynorsk":               {Coding: coding(sct, "22298006"), Target: icd, Languages: languages(t, "nn")},
		"no-map":                {Coding: coding(sct, "138875005"), Target: icd},
		"no-map-installed":      {Coding: coding(icd, "I21.9"), Target: icpc},
		"unknown-code":          {Coding: coding(sct, "22298007"), Target: icd},
		"unknown-map":           {URL: sct + "?fhir_cm=6011000124106", Coding: coding(sct, "22298006")},
		"unknown-map-url":       {URL: "http://example.org/none", Coding: coding(sct, "22298006")},
		"unknown-target":        {Coding: coding(sct, "22298006"), Target: "http://example.org/none"},
		"target-not-installed":  {Coding: coding(sct, "108369006"), Target: "loinc"},
		"target-without-system": {Coding: coding(sct, "108369006")},
		"unknown-system":        {Coding: coding("http://example.org/none", "1")},
		"unknown-version":       {Coding: terminology.Coding{System: sct, Version: "1999", Code: "22298006"}},
		"without-a-system":      {Coding: coding("", "22298006")},
		"newborn":               {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{AgeAtOnset: "3w"}},
		"grown-up":              {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{Age: "40y"}},
		"age-not-known":         {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{Sex: "male"}},
		"age-not-exact":         {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{Age: "0y"}},
		"age-bad":               {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{Age: "63"}},
		"onset-bad":             {Coding: coding(sct, "68566005"), Target: icd, Patient: operation.Patient{AgeAtOnset: "young"}},
		"woman":                 {Coding: coding(sct, "8619003"), Target: icd, Patient: operation.Patient{Sex: "female"}},
		"other-sex":             {Coding: coding(sct, "8619003"), Target: icd, Patient: operation.Patient{Sex: "other"}},
		"sex-bad":               {Coding: coding(sct, "8619003"), Target: icd, Patient: operation.Patient{Sex: "x"}},
		"finding-bad":           {Coding: coding(sct, "8619003"), Target: icd, Patient: operation.Patient{Findings: []string{" "}}},
		"reverse-for-a-man":     {Coding: coding(icd, "N97.9"), Target: sct, Reverse: true, Patient: operation.Patient{Sex: "male"}},
		"prefix":                {Coding: coding(icd, "I21"), Target: sct, Reverse: true, Prefix: true},
		"prefix-more-special":   {Coding: coding(icd, "I21.94"), Target: sct, Reverse: true, Prefix: true},
		"prefix-of-snomed":      {Coding: coding(sct, "22298006"), Target: icd, Reverse: true, Prefix: true},
		"prefix-forward":        {Coding: coding(sct, "22298006"), Target: icd, Prefix: true},
		"walk-no-ancestor":      {Coding: coding(sct, "56265001"), Target: icd, Walk: true},
		"walk-has-row":          {Coding: coding(sct, "22298006"), Target: icd, Walk: true},
		"walk-unknown":          {Coding: coding(sct, "22298007"), Target: icd, Walk: true},
		"into":                  {Coding: coding(sct, "54329005"), Into: sct + "?fhir_vs=refset/1991000202102"},
		"into-itself":           {Coding: coding(sct, "22298006"), Into: sct + "?fhir_vs=refset/1991000202102"},
		"into-nothing":          {Coding: coding(sct, "22298006"), Into: sct + "?fhir_vs=refset/450970008"},
		"into-unknown":          {Coding: coding(sct, "22298006"), Into: "http://example.org/none"},
		"chain":                 {Coding: coding(icpc, "K75"), Target: icd},
		"chain-refused":         {Coding: coding(icpc, "K75"), Target: icd, NoChain: true},
		"chain-backwards":       {Coding: coding(icd, "I21.9"), Target: sct},
		"chain-of-three":        {Coding: coding(icpcB, "K75.0001"), Target: icpc},
		"scope-of-source":       {Coding: coding(sct, "22298006"), Target: icd, SourceScope: sct + "?fhir_vs=isa/57054005"},
		"scope-of-source-holds": {Coding: coding(sct, "54329005"), Target: icd, SourceScope: sct + "?fhir_vs=isa/57054005"},
		"scope-of-other-system": {Coding: coding(sct, "22298006"), Target: icd, SourceScope: icd},
		"scope-of-target":       {Coding: coding(icd, "I21.9"), Reverse: true, TargetScope: sct + "?fhir_vs=isa/57054005"},
		"scope-all-of-a-system": {Coding: coding(sct, "22298006"), TargetScope: icpc},
		"scope-unknown":         {Coding: coding(sct, "22298006"), TargetScope: "http://example.org/none"},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.Translate(t.Context(), req)
			check(t, "translate/"+name, resp, err)
		})
	}
}

func TestExpand(t *testing.T) {
	hearts := &operation.Compose{URL: "http://example.org/hearts", Include: []operation.ConceptSet{
		{System: sct, Filters: []operation.Filter{{Property: "concept", Op: "is-a", Value: "22298006"}}},
		{System: icd, Concepts: []operation.ConceptReference{{Code: "I21.9"}, {Code: "i210a"}, {Code: "I21.X"}}},
	}, Exclude: []operation.ConceptSet{{System: sct, Concepts: []operation.ConceptReference{{Code: "1755008"}}}}}
	for name, req := range map[string]operation.ExpandRequest{
		"isa":                {URL: isa + "57054005", Count: -1},
		"isa-nynorsk":        {URL: isa + "57054005", Count: 3, Languages: languages(t, "nn")},
		"isa-unknown":        {URL: isa + "399144008", Count: -1},
		"refset":             {URL: refset + "723264001", Count: -1},
		"refset-list":        {URL: sct + "?fhir_vs=refset", Count: -1},
		"all":                {URL: sct + "?fhir_vs", Count: 5},
		"all-active":         {URL: sct + "?fhir_vs", Count: 0, ActiveOnly: true},
		"all-of-icd10":       {URL: "http://hl7.org/fhir/sid/icd-10-no?vs", Offset: 3, Count: 3},
		"edition":            {URL: older + "?fhir_vs=isa/57054005", Count: 1},
		"compose":            {Compose: hearts, Count: -1},
		"compose-page":       {Compose: hearts, Offset: 5, Count: 3},
		"filter":             {URL: isa + "22298006", Text: "nedre", Count: -1},
		"filter-nynorsk":     {URL: isa + "22298006", Text: "framre", Count: -1, Languages: languages(t, "nn")},
		"filter-several":     {Compose: hearts, Text: "hjerteinfarkt", Count: 4},
		"filter-page":        {Compose: hearts, Text: "hjerteinfarkt", Offset: 4, Count: 4},
		"filter-count-0":     {Compose: hearts, Text: "hjerteinfarkt", Count: 0},
		"filter-nothing":     {Compose: hearts, Text: "brekkbønne", Count: -1},
		"count-0":            {URL: isa + "22298006", Count: 0},
		"behind-the-end":     {URL: isa + "22298006", Offset: 1000, Count: 10},
		"designations":       {URL: isa + "73795002", Count: -1, Designations: true},
		"nothing":            {Count: -1},
		"negative-offset":    {URL: isa + "22298006", Offset: -1, Count: 10},
		"unknown":            {URL: "http://example.org/none", Count: -1},
		"unknown-system":     {Compose: &operation.Compose{Include: []operation.ConceptSet{{System: "http://loinc.org"}}}, Count: -1},
		"unsupported-filter": {Compose: &operation.Compose{Include: []operation.ConceptSet{{System: sct, Filters: []operation.Filter{{Property: "code", Op: "sounds-like", Value: ".*"}}}}}, Count: -1},
		"ecl":                {URL: sct + "?fhir_vs=ecl/<<22298006", Count: -1},
	} {
		t.Run(name, func(t *testing.T) {
			resp, err := service.Expand(t.Context(), req)
			check(t, "expand/"+name, resp, err)
		})
	}
}
