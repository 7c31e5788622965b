export const sourceLabels = 'Labels of every series of this source, such as `environment: production`.';
