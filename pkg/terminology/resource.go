package terminology

// ResourceInfo is what lists tell of a FHIR resource that a release holds.
type ResourceInfo struct {
	Type        string `json:"type"` // CodeSystem, ValueSet, ConceptMap or NamingSystem
	ID          string `json:"id,omitempty"`
	URL         string `json:"url,omitempty"`
	Version     string `json:"version,omitempty"`
	Name        string `json:"name,omitempty"`
	Title       string `json:"title,omitempty"`
	Status      string `json:"status,omitempty"`
	Date        string `json:"date,omitempty"`
	Content     string `json:"content,omitempty"`     // of a CodeSystem
	Supplements string `json:"supplements,omitempty"` // of a supplement: canonical URL of what it adds to
	Served      bool   `json:"served,omitempty"`      // a code system that the resource itself answers for
	Bytes       int    `json:"bytes"`
}

// ResourceSink is a Sink that takes FHIR resources too. It keeps raw, which nobody
// changes afterwards.
type ResourceSink interface {
	Resource(info ResourceInfo, raw []byte) error
}

// ResourceReader gives the FHIR resources that a release holds. It is safe for
// concurrent use; what it returns is shared and must not be changed.
type ResourceReader interface {
	// Resources lists them, by type, URL, version and id.
	Resources() []ResourceInfo
	// Resource returns the text of number i of the list, as it was given.
	Resource(i int) ([]byte, error)
}
