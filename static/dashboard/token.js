// @ts-check
// A login in another tab makes a new CSRF token: a form that was open before is sent with the one of now.

document.addEventListener("formdata", ({ formData }) => {
  const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrf=([^;]+)/)?.[1];
  if (token && formData.has("csrfmiddlewaretoken")) formData.set("csrfmiddlewaretoken", token);
});
