/** What the config says of the labels of sources that have series. */
export const sourceLabels = 'Labels of every series of this source, such as `environment: production`.';
