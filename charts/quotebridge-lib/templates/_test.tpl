{{/* helm test: the component is ready, and every API answers below its path. */}}
{{- define "quotebridge-lib.test" -}}
{{- if ne (toString .Values.enabled) "false" -}}
{{- include "quotebridge-lib.context" . -}}
{{- with .qb }}
apiVersion: v1
kind: Pod
metadata:
  name: {{ .name }}-test
  namespace: {{ .root.Release.Namespace }}
  labels:
    oda.tmforum.org/componentName: {{ .name }}
    app.kubernetes.io/name: quotebridge-test
    app.kubernetes.io/instance: {{ .root.Release.Name }}
    app.kubernetes.io/part-of: quotebridge
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  automountServiceAccountToken: false
  enableServiceLinks: false
  {{- with .v.imagePullSecrets }}
  imagePullSecrets:
    {{- range . }}
    - name: {{ . }}
    {{- end }}
  {{- end }}
  securityContext: {{- include "quotebridge-lib.podSecurity" . | nindent 4 }}
  containers:
    - name: test
      image: {{ include "quotebridge-lib.image" . }}
      imagePullPolicy: {{ .v.image.pullPolicy }}
      command:
        - node
        - -e
        - |
          // Services and network policies know a new pod only after moments.
          const until = Date.now() + 60000;
          const ask = async (path) => {
            const answer = await fetch('http://{{ .name }}:{{ .port }}' + path).catch((error) => ({ status: String(error.cause ?? error) }));
            if (answer.ok !== true && Date.now() < until) return new Promise((done) => setTimeout(done, 1000)).then(() => ask(path));
            console.log(answer.status, path);
            return answer.ok === true;
          };
          Promise.all(process.argv.slice(1).map(ask)).then((all) => process.exit(all.every(Boolean) ? 0 : 1));
        - /health/ready
        {{- range .d.exposed }}{{- range .versions }}
        - {{ include "quotebridge-lib.prefix" $.qb }}{{ .path }}
        {{- end }}{{- end }}
      resources:
        requests: { cpu: 10m, memory: 64Mi }
        limits: { memory: 128Mi }
      securityContext: {{- include "quotebridge-lib.containerSecurity" . | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}
