package element

// elementTable says which elements the types have, in the order of the standard, of R4
// and R5 together: a type, then its elements with their types. * is a list; *5 is a list
// in R5 and single in R4. Of a choice, such as value[x], the types stand with | between
// them; open is any of openTypes.
const elementTable = `
CodeSystem = url:uri identifier:Identifier* version:string versionAlgorithm[x]:string|Coding name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown copyrightLabel:string approvalDate:date lastReviewDate:date effectivePeriod:Period topic:CodeableConcept* author:ContactDetail* editor:ContactDetail* reviewer:ContactDetail* endorser:ContactDetail* relatedArtifact:RelatedArtifact* caseSensitive:boolean valueSet:canonical hierarchyMeaning:code compositional:boolean versionNeeded:boolean content:code supplements:canonical count:unsignedInt filter:CodeSystem.filter* property:CodeSystem.property* concept:CodeSystem.concept*
CodeSystem.filter = code:code description:string operator:code* value:string
CodeSystem.property = code:code uri:uri description:string type:code
CodeSystem.concept = code:code display:string definition:string designation:CodeSystem.concept.designation* property:CodeSystem.concept.property* concept:CodeSystem.concept*
CodeSystem.concept.designation = language:code use:Coding additionalUse:Coding* value:string
CodeSystem.concept.property = code:code value[x]:code|Coding|string|integer|boolean|dateTime|decimal
ValueSet = url:uri identifier:Identifier* version:string versionAlgorithm[x]:string|Coding name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* immutable:boolean purpose:markdown copyright:markdown copyrightLabel:string approvalDate:date lastReviewDate:date effectivePeriod:Period topic:CodeableConcept* author:ContactDetail* editor:ContactDetail* reviewer:ContactDetail* endorser:ContactDetail* relatedArtifact:RelatedArtifact* compose:ValueSet.compose expansion:ValueSet.expansion scope:ValueSet.scope
ValueSet.compose = lockedDate:date inactive:boolean include:ValueSet.include* exclude:ValueSet.include* property:string*
ValueSet.include = system:uri version:string concept:ValueSet.include.concept* filter:ValueSet.include.filter* valueSet:canonical* copyright:string
ValueSet.include.concept = code:code display:string designation:ValueSet.include.concept.designation*
ValueSet.include.concept.designation = language:code use:Coding additionalUse:Coding* value:string
ValueSet.include.filter = property:code op:code value:string
ValueSet.expansion = identifier:uri next:uri timestamp:dateTime total:integer offset:integer parameter:ValueSet.expansion.parameter* property:ValueSet.expansion.property* contains:ValueSet.expansion.contains*
ValueSet.expansion.parameter = name:string value[x]:string|boolean|integer|decimal|uri|code|dateTime
ValueSet.expansion.property = code:code uri:uri
ValueSet.expansion.contains = system:uri abstract:boolean inactive:boolean version:string code:code display:string designation:ValueSet.include.concept.designation* property:ValueSet.expansion.contains.property* contains:ValueSet.expansion.contains*
ValueSet.expansion.contains.property = code:code value[x]:code|Coding|string|integer|boolean|dateTime|decimal subProperty:ValueSet.expansion.contains.subProperty*
ValueSet.expansion.contains.subProperty = code:code value[x]:code|Coding|string|integer|boolean|dateTime|decimal
ValueSet.scope = inclusionCriteria:string exclusionCriteria:string
ConceptMap = url:uri identifier:Identifier*5 version:string versionAlgorithm[x]:string|Coding name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown copyrightLabel:string approvalDate:date lastReviewDate:date effectivePeriod:Period topic:CodeableConcept* author:ContactDetail* editor:ContactDetail* reviewer:ContactDetail* endorser:ContactDetail* relatedArtifact:RelatedArtifact* property:ConceptMap.property* additionalAttribute:ConceptMap.additionalAttribute* source[x]:uri|canonical sourceScope[x]:uri|canonical target[x]:uri|canonical targetScope[x]:uri|canonical group:ConceptMap.group*
ConceptMap.property = code:code uri:uri description:string type:code system:canonical
ConceptMap.additionalAttribute = code:code uri:uri description:string type:code
ConceptMap.group = source:uri sourceVersion:string target:uri targetVersion:string element:ConceptMap.element* unmapped:ConceptMap.unmapped
ConceptMap.element = code:code display:string valueSet:canonical noMap:boolean target:ConceptMap.target*
ConceptMap.target = code:code display:string valueSet:canonical relationship:code equivalence:code comment:string property:ConceptMap.target.property* dependsOn:ConceptMap.dependsOn* product:ConceptMap.dependsOn*
ConceptMap.target.property = code:code value[x]:Coding|string|integer|boolean|dateTime|decimal|code
ConceptMap.dependsOn = property:uri attribute:code system:canonical value:string value[x]:code|Coding|string|boolean|Quantity display:string valueSet:canonical
ConceptMap.unmapped = mode:code code:code display:string valueSet:canonical url:canonical relationship:code otherMap:canonical
NamingSystem = url:uri identifier:Identifier* version:string versionAlgorithm[x]:string|Coding name:string title:string status:code kind:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* responsible:string type:CodeableConcept description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown copyrightLabel:string approvalDate:date lastReviewDate:date effectivePeriod:Period topic:CodeableConcept* author:ContactDetail* editor:ContactDetail* reviewer:ContactDetail* endorser:ContactDetail* relatedArtifact:RelatedArtifact* usage:string uniqueId:NamingSystem.uniqueId*
NamingSystem.uniqueId = type:code value:string preferred:boolean comment:string period:Period authoritative:boolean
OperationOutcome = issue:OperationOutcome.issue*
OperationOutcome.issue = severity:code code:code details:CodeableConcept diagnostics:string location:string* expression:string*
Parameters = parameter:Parameters.parameter*
Parameters.parameter = name:string value[x]:open resource:Resource part:Parameters.parameter*
Bundle = identifier:Identifier type:code timestamp:instant total:unsignedInt link:Bundle.link* entry:Bundle.entry* signature:Signature issues:Resource
Bundle.link = relation:string url:uri
Bundle.entry = link:Bundle.link* fullUrl:uri resource:Resource search:Bundle.search request:Bundle.request response:Bundle.response
Bundle.search = mode:code score:decimal
Bundle.request = method:code url:uri ifNoneMatch:string ifModifiedSince:instant ifMatch:string ifNoneExist:string
Bundle.response = status:string location:uri etag:string lastModified:instant outcome:Resource
CapabilityStatement = url:uri identifier:Identifier* version:string versionAlgorithm[x]:string|Coding name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown copyrightLabel:string kind:code instantiates:canonical* imports:canonical* software:CapabilityStatement.software implementation:CapabilityStatement.implementation fhirVersion:code format:code* patchFormat:code* acceptLanguage:code* implementationGuide:canonical* rest:CapabilityStatement.rest*
CapabilityStatement.software = name:string version:string releaseDate:dateTime
CapabilityStatement.implementation = description:string url:url custodian:Reference
CapabilityStatement.rest = mode:code documentation:markdown security:CapabilityStatement.security resource:CapabilityStatement.resource* interaction:CapabilityStatement.interaction* searchParam:CapabilityStatement.searchParam* operation:CapabilityStatement.operation* compartment:canonical*
CapabilityStatement.security = cors:boolean service:CodeableConcept* description:markdown
CapabilityStatement.resource = type:code profile:canonical supportedProfile:canonical* documentation:markdown interaction:CapabilityStatement.interaction* versioning:code readHistory:boolean updateCreate:boolean conditionalCreate:boolean conditionalRead:code conditionalUpdate:boolean conditionalPatch:boolean conditionalDelete:code referencePolicy:code* searchInclude:string* searchRevInclude:string* searchParam:CapabilityStatement.searchParam* operation:CapabilityStatement.operation*
CapabilityStatement.interaction = code:code documentation:markdown
CapabilityStatement.searchParam = name:string definition:canonical type:code documentation:markdown
CapabilityStatement.operation = name:string definition:canonical documentation:markdown
TerminologyCapabilities = url:uri identifier:Identifier* version:string versionAlgorithm[x]:string|Coding name:string title:string status:code experimental:boolean date:dateTime publisher:string contact:ContactDetail* description:markdown useContext:UsageContext* jurisdiction:CodeableConcept* purpose:markdown copyright:markdown copyrightLabel:string kind:code software:CapabilityStatement.software implementation:CapabilityStatement.implementation lockedDate:boolean codeSystem:TerminologyCapabilities.codeSystem* expansion:TerminologyCapabilities.expansion codeSearch:code validateCode:TerminologyCapabilities.validateCode translation:TerminologyCapabilities.translation closure:TerminologyCapabilities.closure
TerminologyCapabilities.codeSystem = uri:canonical version:TerminologyCapabilities.version* content:code subsumption:boolean
TerminologyCapabilities.version = code:string isDefault:boolean compositional:boolean language:code* filter:TerminologyCapabilities.filter* property:code*
TerminologyCapabilities.filter = code:code op:code*
TerminologyCapabilities.expansion = hierarchical:boolean paging:boolean incomplete:boolean parameter:TerminologyCapabilities.parameter* textFilter:markdown
TerminologyCapabilities.parameter = name:code documentation:string
TerminologyCapabilities.validateCode = translations:boolean
TerminologyCapabilities.translation = needsMap:boolean
TerminologyCapabilities.closure = translation:boolean
Meta = versionId:id lastUpdated:instant source:uri profile:canonical* security:Coding* tag:Coding*
Narrative = status:code div:xhtml
Extension = value[x]:open
Identifier = use:code type:CodeableConcept system:uri value:string period:Period assigner:Reference
Coding = system:uri version:string code:code display:string userSelected:boolean
CodeableConcept = coding:Coding* text:string
CodeableReference = concept:CodeableConcept reference:Reference
ContactDetail = name:string telecom:ContactPoint*
ContactPoint = system:code value:string use:code rank:positiveInt period:Period
UsageContext = code:Coding value[x]:CodeableConcept|Quantity|Range|Reference
Period = start:dateTime end:dateTime
Quantity = value:decimal comparator:code unit:string system:uri code:code
Range = low:Quantity high:Quantity
Ratio = numerator:Quantity denominator:Quantity
Reference = reference:string type:uri identifier:Identifier display:string
RelatedArtifact = type:code classifier:CodeableConcept* label:string display:string citation:markdown url:url document:Attachment resource:canonical resourceReference:Reference publicationStatus:code publicationDate:date
Attachment = contentType:code language:code data:base64Binary url:url size:integer64 hash:base64Binary title:string creation:dateTime height:positiveInt width:positiveInt frames:positiveInt duration:decimal pages:positiveInt
Annotation = author[x]:Reference|string time:dateTime text:markdown
Signature = type:Coding* when:instant who:Reference onBehalfOf:Reference targetFormat:code sigFormat:code data:base64Binary
Expression = description:string name:code language:code expression:string reference:uri
`

// openTypes are the types that an open choice may have.
const openTypes = "base64Binary|boolean|canonical|code|date|dateTime|decimal|id|instant|integer|integer64|markdown|oid|positiveInt|string|time|unsignedInt|uri|url|uuid|" +
	"Annotation|Attachment|CodeableConcept|CodeableReference|Coding|ContactPoint|ContactDetail|Identifier|Period|Quantity|Range|Ratio|Reference|RelatedArtifact|Signature|UsageContext|Expression|Meta"
