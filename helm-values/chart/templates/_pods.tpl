{{/* What every pod of ours has. */}}

{{- define "coursewright.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.images.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "coursewright.pod.security" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "coursewright.container.security" -}}
allowPrivilegeEscalation: false
privileged: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "coursewright.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "coursewright.selector" . | nindent 8 }}
{{- end }}

{{- define "coursewright.database.env" -}}
- name: COURSEWRIGHT_DATABASE_URL
  value: {{ include "coursewright.database.url" . | quote }}
- name: PGUSER
  valueFrom: {secretKeyRef: {name: {{ include "coursewright.database.secret" . }}, key: username}}
- name: PGPASSWORD
  valueFrom: {secretKeyRef: {name: {{ include "coursewright.database.secret" . }}, key: password}}
{{- end }}

{{- define "coursewright.tracing.env" -}}
{{- with .Values.tracing.endpoint }}
- name: OTEL_EXPORTER_OTLP_ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Whether a model is set, and which: the service knows no more of it. */}}
{{- define "coursewright.model.env" -}}
{{- if .Values.model.name }}
- name: COURSEWRIGHT_LLM_BASE_URL
  value: {{ .Values.model.baseUrl | quote }}
- name: COURSEWRIGHT_LLM_MODEL
  value: {{ .Values.model.name | quote }}
{{- end }}
{{- end }}

{{- define "coursewright.temporary" -}}
- name: tmp
  emptyDir: {sizeLimit: 256Mi}
{{- end }}
