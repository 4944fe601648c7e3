{{/* Names, labels and addresses that more than one template uses. */}}

{{- define "coursewright.labels" -}}
app.kubernetes.io/name: coursewright
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: coursewright
app.kubernetes.io/version: {{ .root.Values.images.tag | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "coursewright.selector" -}}
app.kubernetes.io/name: coursewright
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "coursewright.image" -}}
{{ .root.Values.images.registry }}/coursewright-{{ .name }}:{{ .root.Values.images.tag }}
{{- end }}

{{- define "coursewright.service.url" -}}
http://{{ .Release.Name }}-service:8082/services/coursewright
{{- end }}

{{- define "coursewright.postgres" -}}
{{ .Release.Name }}-postgres
{{- end }}

{{- define "coursewright.database.host" -}}
{{- if .Values.database.host -}}
{{ .Values.database.host }}
{{- else if .Values.postgres.pooler.enabled -}}
{{ include "coursewright.postgres" . }}-pooler
{{- else -}}
{{ include "coursewright.postgres" . }}-rw
{{- end }}
{{- end }}

{{- define "coursewright.database.secret" -}}
{{ .Values.database.existingSecret | default (printf "%s-app" (include "coursewright.postgres" .)) }}
{{- end }}

{{/* Who signs in is said by PGUSER and PGPASSWORD, so the address is no secret. */}}
{{- define "coursewright.database.url" -}}
postgresql://{{ include "coursewright.database.host" . }}:{{ .Values.database.port }}/{{ .Values.database.name }}?sslmode={{ .Values.database.sslMode }}
{{- end }}

{{- define "coursewright.hub.database.url" -}}
postgresql+psycopg://{{ include "coursewright.database.host" . }}:{{ .Values.database.port }}/{{ .Values.database.hubName }}?sslmode={{ .Values.database.sslMode }}
{{- end }}
