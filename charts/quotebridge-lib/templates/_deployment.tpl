{{- define "quotebridge-lib.env" -}}
- { name: HOST, value: 0.0.0.0 }
- { name: PORT, value: {{ .port | quote }} }
- { name: AUTH, value: 'on' }
- { name: PUBLIC_URL, value: {{ printf "%s%s" (trimSuffix "/" .v.publicUrl) (include "quotebridge-lib.prefix" .) | quote }} }
{{- range list "MONGODB_URI" "NATS_URL" }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.v.platformSecret }}, key: {{ . }} } }
{{- end }}
{{- range $key, $env := .d.secrets }}
- name: {{ $env }}
  valueFrom: { secretKeyRef: { name: {{ $.v.keysSecret }}, key: {{ $env }}, optional: true } }
{{- end }}
{{- if .v.trust.configMap }}
{{ include "quotebridge-lib.trustEnv" . }}
{{- end }}
{{- with .v.telemetry.otlpEndpoint }}
- { name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ . | quote }} }
{{- end }}
- { name: TRACE_RATIO, value: {{ .v.telemetry.traceRatio | quote }} }
- name: OTEL_RESOURCE_ATTRIBUTES
  value: k8s.namespace.name={{ .root.Release.Namespace }},k8s.deployment.name={{ .name }},k8s.pod.name=$(POD_NAME),k8s.node.name=$(NODE_NAME)
{{- $settings := .v.settings }}
{{- if not (hasKey $settings "startupWait") }}
- { name: STARTUP_WAIT, value: 5m }
{{- end }}
{{- range $key, $at := .d.addresses }}
{{- if not (hasKey $settings $key) }}
{{- $neighbour := include "quotebridge-lib.nameOf" (dict "release" $.root.Release.Name "component" $at.component) }}
- { name: {{ index $.d.settings $key }}, value: {{ printf "http://%s:%v%s" $neighbour $.port $at.path | quote }} }
{{- end }}
{{- end }}
{{- range $key, $value := $settings }}
{{- if not (kindIs "invalid" $value) }}
- { name: {{ index $.d.settings $key }}, value: {{ include "quotebridge-lib.text" $value | quote }} }
{{- end }}
{{- end }}
{{- end -}}

{{- define "quotebridge-lib.deployment" -}}
apiVersion: apps/v1
kind: Deployment
metadata: {{- include "quotebridge-lib.metadata" . | nindent 2 }}
spec:
  {{- if not .v.autoscaling.enabled }}
  replicas: {{ .v.replicas }}
  {{- else if .root.Release.IsUpgrade }}
  {{- /* As many as there are: where they were said before and are no longer, helm would leave one until the autoscaler has looked. */}}
  {{- with lookup "apps/v1" "Deployment" .root.Release.Namespace .name }}
  replicas: {{ .spec.replicas }}
  {{- end }}
  {{- end }}
  revisionHistoryLimit: 3
  selector:
    matchLabels: {{- include "quotebridge-lib.selector" . | nindent 6 }}
  # A new one takes requests before an old one goes.
  strategy:
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  template:
    metadata:
      labels:
        {{- include "quotebridge-lib.labels" . | nindent 8 }}
        {{- with .v.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        {{- if .v.monitoring.annotations }}
        prometheus.io/scrape: 'true'
        prometheus.io/port: {{ .port | quote }}
        prometheus.io/path: /metrics
        {{- end }}
        {{- with .v.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      serviceAccountName: {{ .name }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ .v.terminationGracePeriodSeconds }}
      {{- with .v.priorityClassName }}
      priorityClassName: {{ . }}
      {{- end }}
      {{- with .v.imagePullSecrets }}
      imagePullSecrets:
        {{- range . }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      securityContext: {{- include "quotebridge-lib.podSecurity" . | nindent 8 }}
      # A node that is drained or away counts for nothing. Otherwise the pods of the others would have to wait for it, and a drain for them.
      topologySpreadConstraints:
        {{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ . }}
          whenUnsatisfiable: {{ $.v.topologySpread.whenUnsatisfiable }}
          nodeTaintsPolicy: Honor
          labelSelector:
            matchLabels: {{- include "quotebridge-lib.selector" $ | nindent 14 }}
        {{- end }}
      containers:
        - name: {{ .d.component }}
          image: {{ include "quotebridge-lib.image" . }}
          imagePullPolicy: {{ .v.image.pullPolicy }}
          env:
            - name: POD_NAME
              valueFrom: { fieldRef: { fieldPath: metadata.name } }
            - name: NODE_NAME
              valueFrom: { fieldRef: { fieldPath: spec.nodeName } }
            {{- include "quotebridge-lib.env" . | nindent 12 }}
          ports:
            - { name: http, containerPort: {{ .port }}, protocol: TCP }
          # Longer than STARTUP_WAIT: a start that waits for its servers is not ended.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 1
            failureThreshold: 330
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
          # Requests go on arriving until every node has heard that the pod goes.
          lifecycle:
            preStop: { sleep: { seconds: 5 } }
          resources: {{- toYaml .v.resources | nindent 12 }}
          securityContext: {{- include "quotebridge-lib.containerSecurity" . | nindent 12 }}
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            {{- if .v.trust.configMap }}
            {{- include "quotebridge-lib.trustMount" . | nindent 12 }}
            {{- end }}
      volumes:
        - name: tmp
          emptyDir: {}
        {{- if .v.trust.configMap }}
        {{- include "quotebridge-lib.trustVolume" .v.trust | nindent 8 }}
        {{- end }}
      {{- with .v.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .v.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
{{- end -}}
