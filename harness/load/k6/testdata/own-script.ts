import http from 'k6/http'

export default () => {
  http.get(__ENV.LOAD_URL)
}
