{{/* Where the document of a version is: TM Forum's, or the one that the component itself serves. */}}
{{- define "quotebridge-lib.specification" -}}
{{- $owner := default .c.d.component .of.component -}}
{{- $name := include "quotebridge-lib.nameOf" (dict "release" .c.root.Release.Name "component" $owner) -}}
url: {{ default (printf "http://%s.%s.svc.cluster.local:%v/%s%s/openapi" $name .c.root.Release.Namespace .c.port $name .of.path) .of.url | quote }}
version: {{ .of.version }}
{{- end -}}

{{- define "quotebridge-lib.served" -}}
apiType: openapi
implementation: {{ .c.name }}
path: {{ include "quotebridge-lib.prefix" .c }}{{ .of.path }}
developerUI: {{ include "quotebridge-lib.prefix" .c }}{{ .of.path }}/docs
port: {{ .c.port }}
{{- end -}}

{{- define "quotebridge-lib.dependentApi" -}}
- id: {{ .of.id }}
  name: {{ .of.name }}
  apiType: openapi
  apiSDO: tmForum
  required: true
  specification:
    - {{ include "quotebridge-lib.specification" . | nindent 6 | trim }}
{{- end -}}

{{/*
The component as an ODA Canvas knows it. The first version stands at the root as well, since the Canvas wants it
there or in the first specification, and readers of older versions find it only there. Segments and arrays are
there even where they are empty: the Canvas looks into all of them.
*/}}
{{- define "quotebridge-lib.oda-component" -}}
{{- if include "quotebridge-lib.hasCanvas" . }}
apiVersion: oda.tmforum.org/v1
kind: Component
metadata: {{- include "quotebridge-lib.metadata" . | nindent 2 }}
spec:
  componentMetadata:
    id: {{ .d.id }}
    name: {{ .d.title }}
    version: {{ .root.Chart.AppVersion | quote }}
    description: {{ .d.description | quote }}
    functionalBlock: {{ .d.functionalBlock }}
    publicationDate: '2026-11-21T00:00:00.000Z'
    status: specified
  coreFunction:
    exposedAPIs:
      {{- range .d.exposed }}
      - id: {{ .id }}
        name: {{ .name }}
        apiSDO: {{ ternary "tmForum" "quotebridge" (hasPrefix "TMF" .id) }}
        required: {{ .required }}
        {{- include "quotebridge-lib.served" (dict "c" $ "of" (first .versions)) | nindent 8 }}
        specification:
          {{- range .versions }}
          - {{ include "quotebridge-lib.specification" (dict "c" $ "of" .) | nindent 12 | trim }}
            {{- include "quotebridge-lib.served" (dict "c" $ "of" .) | nindent 12 }}
          {{- end }}
      {{- end }}
    {{- $dependents := .d.dependents }}
    {{- if .v.oda.allStandardDependents }}
    {{- $dependents = concat $dependents .d.absent }}
    {{- end }}
    {{- if $dependents }}
    dependentAPIs:
      {{- range $dependents }}
      {{- include "quotebridge-lib.dependentApi" (dict "c" $ "of" .) | nindent 6 }}
      {{- end }}
    {{- else }}
    dependentAPIs: []
    {{- end }}
  managementFunction:
    {{- if .v.oda.metricsApi }}
    exposedAPIs:
      - id: metrics
        name: metrics
        apiType: prometheus
        implementation: {{ .name }}
        path: {{ include "quotebridge-lib.prefix" . }}/metrics
        port: {{ .port }}
        required: false
    {{- else }}
    exposedAPIs: []
    {{- end }}
    dependentAPIs: []
  securityFunction:
    canvasSystemRole: {{ .v.oda.canvasSystemRole }}
    componentRole:
      {{- range .d.roles }}
      - { name: {{ .name }}, description: {{ .description | quote }} }
      {{- end }}
    exposedAPIs: []
    dependentAPIs: []
  eventNotification:
    {{- if .d.published }}
    publishedEvents:
      {{- range .d.published }}
      - name: {{ .name }}
        description: {{ .description | quote }}
        specification:
          {{- range .versions }}
          - {{ include "quotebridge-lib.specification" (dict "c" $ "of" .) | nindent 12 | trim }}
            apiType: openapi
            implementation: {{ $.name }}
            hub: {{ include "quotebridge-lib.prefix" $ }}{{ .path }}/hub
            port: {{ $.port }}
          {{- end }}
      {{- end }}
    {{- else }}
    publishedEvents: []
    {{- end }}
    {{- if .d.subscribed }}
    subscribedEvents:
      {{- range .d.subscribed }}
      - name: {{ .name }}
        description: {{ .description | quote }}
        specification:
          - {{ include "quotebridge-lib.specification" (dict "c" $ "of" .) | nindent 12 | trim }}
            apiType: openapi
            implementation: {{ $.name }}
            port: {{ $.port }}
      {{- end }}
    {{- else }}
    subscribedEvents: []
    {{- end }}
{{- end }}
{{- end -}}
